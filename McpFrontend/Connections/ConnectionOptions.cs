using Microsoft.Extensions.Options;
using RiskMonitor.Settings;

namespace RiskMonitor.McpFrontend.Connections;

/// <summary>What clients may take of the server before anybody knows who they are (<c>Connections:…</c>).</summary>
public sealed class ConnectionOptions
{
    public const string Section = "Connections";

    /// <summary>Connections of all clients together.</summary>
    [Bounds(Min = "1", Max = "1000000", Usual = "4096")]
    public int Most { get; set; } = 4_096;

    /// <summary>Connections of one address (IPv6: of one /64); behind a trusted proxy, requests in flight of one client.</summary>
    [Bounds(Min = "1", Max = "1000000", Usual = "1024")]
    public int MostPerAddress { get; set; } = 1_024;

    /// <summary>A connection on which nothing was sent for so long after it was opened is closed.</summary>
    [Bounds(Above = "00:00:00", Max = "00:10:00", Usual = "00:00:10")]
    public TimeSpan FirstByteWithin { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The headers of a request must arrive within this time of its first byte.</summary>
    [Bounds(Above = "00:00:00", Max = "00:10:00", Usual = "00:00:10")]
    public TimeSpan HeadersWithin { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The body of a request must arrive within this time of its headers.</summary>
    [Bounds(Above = "00:00:00", Max = "00:10:00", Usual = "00:00:10")]
    public TimeSpan BodyWithin { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A connection that has answered a request waits so long for the next one.</summary>
    [Bounds(Above = "00:00:00", Max = "00:10:00", Usual = "00:02:10")]
    public TimeSpan IdleWithin { get; set; } = TimeSpan.FromSeconds(130);

    /// <summary>Bodies that one user may be sending at a time.</summary>
    [Bounds(Min = "1", Max = "1000000", Usual = "256")]
    public int MostBodiesPerUser { get; set; } = 256;
}

[OptionsValidator]
internal sealed partial class ConnectionOptionsValidator : IValidateOptions<ConnectionOptions>;
