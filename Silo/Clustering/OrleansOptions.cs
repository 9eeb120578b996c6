using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using RiskMonitor.Settings;

namespace RiskMonitor.Silo.Clustering;

/// <summary>How silos and their clients find and trust each other, and when a silo counts as dead (<c>Orleans:…</c>).</summary>
/// <remarks>
/// The defaults bring the desks of a killed silo back within 5 s. A silo is declared dead when it missed <see cref="MissedProbes"/> probes, one each
/// <see cref="ProbeTimeout"/>, and <see cref="Votes"/> silos say so (in a cluster of two, the one that is left). A false suspicion, such as of a silo whose
/// machine stalls for longer than that, ends the silo's process: its desks load their journals on other silos, and their callers repeat. No change and no
/// alert is lost or doubled by it, because the journal is fenced; it costs the time of a crash. Raise the two where machines stall.
/// </remarks>
public sealed class OrleansOptions : IValidatableObject
{
    public const string Section = "Orleans";

    private static readonly TimeSpan s_leastBalanceInterval = TimeSpan.FromSeconds(3);

    /// <summary>The name of the cluster: its processes find each other by it.</summary>
    [Required(ErrorMessage = Section + ":ClusterId is empty; give the cluster a name (usual: riskmonitor)")]
    public string ClusterId { get; set; } = "riskmonitor";

    /// <summary>The name under which reminders and grain state are stored; stays the same for the life of the data.</summary>
    [Required(ErrorMessage = Section + ":ServiceId is empty; give the service a name and never change it (usual: riskmonitor)")]
    public string ServiceId { get; set; } = "riskmonitor";

    /// <summary>The port for other silos; 0 picks a free one.</summary>
    [Bounds(Min = "0", Max = "65535", Usual = "11111")]
    public int SiloPort { get; set; } = 11_111;

    /// <summary>The port for clients: ingests and frontends; 0 picks a free one.</summary>
    [Bounds(Min = "0", Max = "65535", Usual = "30000")]
    public int GatewayPort { get; set; } = 30_000;

    /// <summary>The address to listen on for silos and clients.</summary>
    public string Listen { get; set; } = "127.0.0.1";

    /// <summary>Address or name by which the others reach this silo. Empty: <see cref="Listen"/>, or the address of this machine's name where that is 0.0.0.0.</summary>
    public string AdvertisedAddress { get; set; } = "";

    /// <summary>Listen beyond this machine without TLS. Whoever reaches the ports can then call every grain.</summary>
    public bool AllowInsecure { get; set; }

    /// <summary>Certificates of this process and of the cluster's authority.</summary>
    public OrleansTlsOptions Tls { get; set; } = new();

    /// <summary>How long a silo waits for the answer to a probe, and how often it probes.</summary>
    [Bounds(Min = "00:00:00.1", Usual = "00:00:01")]
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>A silo is suspected after so many probes in a row without an answer.</summary>
    [Bounds(Min = "1", Max = "100", Usual = "2")]
    public int MissedProbes { get; set; } = 2;

    /// <summary>So many silos have to suspect it; fewer where fewer are left.</summary>
    [Bounds(Min = "1", Max = "100", Usual = "2")]
    public int Votes { get; set; } = 2;

    /// <summary>How often the table of members is read, for what gossip did not bring.</summary>
    [Bounds(Min = "00:00:00.1", Usual = "00:00:05")]
    public TimeSpan TableRefresh { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How often a silo writes that it lives. One that has not for three such periods is not waited for by a silo that joins, which is how a cluster starts
    /// after all of it was killed.
    /// </summary>
    [Bounds(Min = "00:00:00.1", Usual = "00:00:05")]
    public TimeSpan AliveInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a frontend or an ingest waits for the answer of a grain before it calls again. A call in flight to a silo that dies gets no answer
    /// (dotnet/orleans #10165), so without this it would wait for the whole response timeout.
    /// </summary>
    [Bounds(Min = "00:00:00.1", Usual = "00:00:02")]
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How often a call of a frontend or an ingest is made at the most, the first time included.</summary>
    [Bounds(Min = "1", Max = "100", Usual = "4")]
    public int Attempts { get; set; } = 4;

    /// <summary>A desk that nobody asks and that has no changes leaves memory after this time.</summary>
    [Bounds(Min = "00:02:00", Usual = "02:00:00")]
    public TimeSpan IdleDesk { get; set; } = TimeSpan.FromHours(2);

    /// <summary>The same for other grains: an alert has no more to do, or its next action is a reminder.</summary>
    [Bounds(Min = "00:02:00", Usual = "00:10:00")]
    public TimeSpan IdleGrain { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How often desks are moved from silos that have more than their share to others, such as one that was restarted. Zero: never.</summary>
    [Bounds(Min = "00:00:00", Usual = "00:00:15")]
    public TimeSpan BalanceInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Silos count their calls for Orleans' dashboard, and frontends show it to operators at <c>/dashboard</c>. The same for every process of a cluster.</summary>
    public bool Dashboard { get; set; } = true;

    /// <summary>The service id of a configuration, for what needs it before or without a silo.</summary>
    public static string ServiceIdIn(IConfiguration configuration) => configuration[$"{Section}:{nameof(ServiceId)}"] ?? new OrleansOptions().ServiceId;

    /// <summary>Only of options that were found right.</summary>
    internal IPAddress ListenAddress => ParseAddress(Listen)!;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var problems = new OptionProblems(Section);
        var listen = ParseAddress(Listen);
        problems.Require(listen is not null, nameof(Listen), $"'{Listen}'", "give an address of this machine, such as 127.0.0.1 or 0.0.0.0");
        problems.Require(SiloPort == 0 || SiloPort != GatewayPort, nameof(GatewayPort), GatewayPort, $"give another port than {Section}:{nameof(SiloPort)} (usual: 30000)");
        problems.Require(
            BalanceInterval == TimeSpan.Zero || BalanceInterval >= s_leastBalanceInterval, nameof(BalanceInterval), BalanceInterval, "give at least 00:00:03, because silos say once a second how many grains they have, or 0 for never (usual: 00:00:15)");
        if (listen is not null && !IPAddress.IsLoopback(listen) && !Tls.IsConfigured && !AllowInsecure)
        {
            problems.Add(nameof(Listen), $"is {Listen}, which other machines can reach, and the ports of a silo are a door to every grain; configure {Section}:Tls:CertificatePath, KeyPath and CaPath, "
                + $"listen on 127.0.0.1, or set {Section}:{nameof(AllowInsecure)}=true where the network lets in nobody else");
        }

        return [.. problems.Results(), .. Tls.Problems()];
    }

    private static IPAddress? ParseAddress(string text) => text == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(text, out var address) ? address : null;
}

/// <summary>Mutual TLS between silos and clients (<c>Orleans:Tls:…</c>): a peer is let in by a certificate of the cluster's own authority.</summary>
public sealed class OrleansTlsOptions
{
    /// <summary>File of this process's certificate, PEM.</summary>
    public string CertificatePath { get; set; } = "";

    /// <summary>File of its private key, PEM.</summary>
    public string KeyPath { get; set; } = "";

    /// <summary>File of the authority's certificate, PEM. It signs the certificates of this cluster's processes and of nobody else.</summary>
    public string CaPath { get; set; } = "";

    internal bool IsConfigured => (CertificatePath + KeyPath + CaPath).Length > 0;

    internal IEnumerable<ValidationResult> Problems()
    {
        var problems = new OptionProblems($"{OrleansOptions.Section}:Tls");
        foreach (var (key, path) in new[] { (nameof(CertificatePath), CertificatePath), (nameof(KeyPath), KeyPath), (nameof(CaPath), CaPath) })
        {
            problems.Require(!IsConfigured || path.Length > 0, key, "empty", "give all three of CertificatePath, KeyPath and CaPath, or none");
            problems.Require(path.Length == 0 || File.Exists(path), key, $"'{path}'", "give the path of a PEM file that this process can read");
        }

        return problems.Results();
    }
}

[OptionsValidator]
internal sealed partial class OrleansOptionsValidator : IValidateOptions<OrleansOptions>;
