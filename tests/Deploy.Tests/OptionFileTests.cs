using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using RiskMonitor.Deploy.Tests.Manifests;
using RiskMonitor.Deploy.Tests.Options;
using RiskMonitor.Deploy.Tests.Rules;
using RiskMonitor.Host;

namespace RiskMonitor.Deploy.Tests;

/// <summary>The option files of <c>deploy/k8s/base/config</c> name every option of their role, set or at its default.</summary>
public sealed partial class OptionFileTests
{
    private static readonly Dictionary<string, string[]> s_files = new(StringComparer.Ordinal)
    {
        ["silo"] = ["common", "kafka", "silo"],
        ["ingest"] = ["common", "feed", "kafka", "ingest"],
        ["frontend"] = ["common", "feed", "frontend"],
    };

    public static readonly TheoryData<string> Roles = ["silo", "ingest", "frontend"];

    [Theory]
    [MemberData(nameof(Roles))]
    public void Every_option_of_a_role_is_named(string role)
    {
        var named = Lines(role).Select(line => line.Key).ToList();
        var missing = RoleKeys.Of(role).Where(key => !SecretKeys.IsSecret(key) && !IsOfOthers(role, key) && !named.Any(name => IsOrIsIn(name, key)));

        Assert.True(!missing.Any(), $"deploy/k8s/base/config/{role}.env lacks, with their defaults:\n{string.Join('\n', missing.Select(key => $"#RiskMonitor__{key.Replace(":", "__")}={OptionDefaults.All.GetValueOrDefault(key)}"))}");
    }

    [Theory]
    [MemberData(nameof(Roles))]
    public void Every_named_option_is_one_of_its_role(string role) =>
        Assert.All(Lines(role), line => Assert.True(RoleKeys.IsRead(role, line.Key), $"the {role} does not read {line.Key}"));

    [Theory]
    [MemberData(nameof(Roles))]
    public void An_option_that_is_not_set_shows_its_default(string role) => Assert.All(
        Lines(role).Where(line => !line.IsSet && line.Value.Length > 0 && OptionDefaults.All.ContainsKey(line.Key)),
        line => Assert.True(IsSame(OptionDefaults.All[line.Key] ?? "", line.Value), $"{line.Key} is {line.Value} in the file and {OptionDefaults.All[line.Key]} in the code"));

    [Theory]
    [MemberData(nameof(Roles))]
    public void No_option_is_named_twice_or_secret(string role)
    {
        Assert.Empty(Lines(role).GroupBy(line => line.Key).Where(group => group.Count() > 1).Select(group => group.Key));
        Assert.All(Lines(role), line => Assert.False(SecretKeys.IsSecret(line.Key), line.Key));
    }

    [Fact]
    public void An_option_that_sounds_secret_is_secret() =>
        Assert.DoesNotContain(s_files.Keys.SelectMany(RoleKeys.Of).Distinct(), key => SecretKeys.SoundsSecret(key) && !SecretKeys.IsSecret(key));

    [TheoryWithKustomize]
    [InlineData("deploy/k8s/overlays/small")]
    [InlineData("deploy/k8s/overlays/production")]
    public async Task The_program_takes_the_options_of_an_overlay(string folder)
    {
        using var secrets = new TemporaryDirectory();
        Assert.Equal(0, await CommandRunner.RunAsync(["init", "--secrets", secrets.Path], TextWriter.Null, TextWriter.Null));
        var set = ManifestSet.Parse(await Kustomize.BuildAsync(folder));
        foreach (var pod in set.Pods.Where(pod => pod.Role is not null))
        {
            RoleKeys.Build(pod.Role!, ConfigurationOf(RoleOptions.Of(set, pod), pod.Role!, secrets));
        }
    }

    [FactWithKustomize]
    public async Task A_value_that_the_program_refuses_is_found()
    {
        using var secrets = new TemporaryDirectory();
        Assert.Equal(0, await CommandRunner.RunAsync(["init", "--secrets", secrets.Path], TextWriter.Null, TextWriter.Null));
        var set = ManifestSet.Parse((await Kustomize.BuildAsync("deploy/k8s/overlays/production")).Replace("RiskMonitor__Orleans__GatewayPort: \"30000\"", "RiskMonitor__Orleans__GatewayPort: \"300000\"", StringComparison.Ordinal));
        var silo = set.Pods.Single(pod => pod.Role == "silo");

        Assert.ThrowsAny<OptionsValidationException>(() => RoleKeys.Build("silo", ConfigurationOf(RoleOptions.Of(set, silo), "silo", secrets)));
    }

    /// <summary>As the container has it: options, and the files of its Secrets.</summary>
    private static IConfigurationRoot ConfigurationOf(RoleOptions options, string role, TemporaryDirectory secrets) => new ConfigurationBuilder()
        .AddKeyPerFile(secrets.File("product/settings"))
        .AddInMemoryCollection(options.Values!)
        .AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Role"] = role,
            ["Logging:LogLevel:Default"] = "None",
            ["Orleans:Tls:CertificatePath"] = secrets.File("product/tls/node.pem"),
            ["Orleans:Tls:KeyPath"] = secrets.File("product/tls/node.key"),
            ["Orleans:Tls:CaPath"] = secrets.File("product/tls/ca.pem"),
            ["Kafka:SaslUsername"] = role != "frontend" ? "riskmonitor" : null,
            ["Kafka:SaslPassword"] = role != "frontend" ? "none" : null,
        })
        .Build();

    private static List<(string Key, string Value, bool IsSet)> Lines(string role) =>
    [
        .. s_files[role]
            .SelectMany(file => File.ReadLines(Path.Combine(ComposeFile.Root, "deploy/k8s/base/config", file + ".env")))
            .Select(line => Option().Match(line))
            .Where(match => match.Success)
            .Select(match => (SecretKeys.KeyOf(match.Groups["name"].Value), match.Groups["value"].Value, !match.Groups["off"].Success)),
    ];

    /// <summary>Roles bind whole sections, and use a part of them. The name of the feed follows from the topic, and the address of a silo from its pod.</summary>
    private static bool IsOfOthers(string role, string key) => key is "Frontend:Feed" or "Orleans:AdvertisedAddress"
        || (role != "silo" && (key is "Orleans:Listen" or "Orleans:SiloPort" or "Orleans:GatewayPort" or "Orleans:AllowInsecure" or "Orleans:ProbeTimeout" or "Orleans:MissedProbes"
            or "Orleans:Votes" or "Orleans:AliveInterval" or "Orleans:IdleDesk" or "Orleans:IdleGrain" or "Orleans:BalanceInterval"));

    /// <summary>An entry stands for its list or dictionary.</summary>
    private static bool IsOrIsIn(string name, string key) => name == key || name.StartsWith(key + ":", StringComparison.Ordinal);

    private static bool IsSame(string one, string other) =>
        TimeSpan.TryParse(one, CultureInfo.InvariantCulture, out var time) && TimeSpan.TryParse(other, CultureInfo.InvariantCulture, out var otherTime) ? time == otherTime : string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"^(?<off>#)?(?<name>RiskMonitor__[^=]+)=(?<value>.*)$")]
    private static partial Regex Option();
}
