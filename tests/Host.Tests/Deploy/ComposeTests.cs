using System.Diagnostics;
using System.Text.RegularExpressions;
using RiskMonitor.Host.CommandLine;
using RiskMonitor.McpFrontend.Metrics;

namespace RiskMonitor.Host.Tests.Deploy;

public sealed partial class ComposeTests
{
    private static readonly string[] s_ours = ["init", "silo", "ingest", "frontend", "risk-manager", "trader"];

    private readonly ComposeFile _compose = ComposeFile.Read();

    [Fact]
    public void Every_setting_is_one_that_the_product_knows()
    {
        var set = s_ours.SelectMany(service => _compose.Environment(service).Keys).Distinct().Where(name => name.StartsWith(HostSettings.EnvironmentPrefix, StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(set);
        Assert.All(set, name => Assert.Contains(KeyOf(name[HostSettings.EnvironmentPrefix.Length..]), KnownSettings.Keys));
    }

    [Fact]
    public async Task Every_secret_that_init_makes_is_a_setting_that_the_product_knows()
    {
        using var secrets = new TemporaryDirectory();
        Assert.Equal(0, await CommandRunner.RunAsync(["init", "--secrets", secrets.Path], TextWriter.Null, TextWriter.Null));
        var before = FilesOf(secrets.Path);

        Assert.All(Directory.GetFiles(secrets.File("product/settings")), file => Assert.Contains(KeyOf(Path.GetFileName(file)), KnownSettings.Keys));
        Assert.All(["product/admin.key", "product/tls/node.pem", "mysql/root", "debezium/debezium.properties"], name => Assert.True(File.Exists(secrets.File(name)), name));

        // It runs at every start, and nobody's key changes by that.
        Assert.Equal(0, await CommandRunner.RunAsync(["init", "--secrets", secrets.Path], TextWriter.Null, TextWriter.Null));
        Assert.Equal(before, FilesOf(secrets.Path));
    }

    [Fact]
    public void Every_command_is_one_of_the_program() =>
        Assert.All(s_ours, service => Assert.Empty(RiskMonitorCommand.Parse(_compose.Command(service)).Errors));

    [Fact]
    public void What_a_service_mounts_and_waits_for_is_there()
    {
        foreach (var service in _compose.Services)
        {
            Assert.All(_compose.DependsOn(service), other => Assert.Contains(other, _compose.Services));
            foreach (var (source, _) in _compose.Mounts(service))
            {
                Assert.True(
                    source.StartsWith("./", StringComparison.Ordinal) ? Path.Exists(Path.Combine(ComposeFile.Root, source)) : _compose.Volumes.Contains(source),
                    $"{service} mounts {source}, which is neither a volume nor a path of the repository");
            }
        }
    }

    [Fact]
    public void Nothing_is_open_to_other_machines() =>
        Assert.All(_compose.Services.SelectMany(_compose.Ports), port => Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal));

    [Fact]
    public void Our_containers_write_to_nothing_but_their_volumes() =>
        Assert.All(s_ours, service => Assert.Equal("true", _compose.Value(service, "read_only")));

    [Fact]
    public void Silos_have_certificates_and_no_service_has_a_name_that_would_keep_it_from_being_scaled()
    {
        Assert.All((string[])["silo", "ingest", "frontend"], service => Assert.False(_compose.Has(service, "container_name") || _compose.Has(service, "ports"), service));
        Assert.Equal("/secrets/product/tls/ca.pem", _compose.Environment("silo")["RiskMonitor__Orleans__Tls__CaPath"]);
        Assert.DoesNotContain("RiskMonitor__Orleans__AllowInsecure", _compose.Environment("silo").Keys);
    }

    [Fact]
    public void The_topic_is_the_one_that_the_connector_makes()
    {
        var connector = File.ReadAllText(Path.Combine(ComposeFile.Root, "deploy/debezium/positions-mysql.json"));

        var prefix = Prefix().Match(connector).Groups[1].Value;
        var table = Table().Match(connector).Groups[1].Value;
        Assert.Equal($"{prefix}.{table}", _compose.Environment("ingest")["RiskMonitor__Kafka__Topic"]);
        Assert.Equal(_compose.Environment("ingest")["RiskMonitor__Kafka__Topic"], _compose.Environment("frontend")["RiskMonitor__Kafka__Topic"]);
    }

    [Theory]
    [InlineData("deploy/prometheus/alerts.yml")]
    [InlineData("deploy/compose/grafana/dashboards/riskmonitor.json")]
    public void Rules_and_dashboard_ask_for_metrics_that_there_are(string file)
    {
        var shown = ExportedInstruments.All.Select(exported => exported.Name).ToHashSet(StringComparer.Ordinal);
        var asked = Metric().Matches(File.ReadAllText(Path.Combine(ComposeFile.Root, file))).Select(match => Suffix().Replace(match.Value, "")).Distinct().ToList();

        Assert.NotEmpty(asked);
        Assert.All(asked, name => Assert.Contains(name, shown));
    }

    [Fact]
    public void The_balancer_keeps_a_browser_at_one_frontend_and_sends_nothing_twice_that_may_have_been_done()
    {
        var lines = File.ReadAllLines(Path.Combine(ComposeFile.Root, "deploy/compose/haproxy.cfg")).Select(line => line.Trim()).ToList();

        Assert.Contains(lines, line => line.StartsWith("cookie ", StringComparison.Ordinal) && line.Contains(" httponly", StringComparison.Ordinal));
        Assert.Equal(["retry-on conn-failure"], lines.Where(line => line.StartsWith("retry-on", StringComparison.Ordinal)));
        var keys = _compose.Environment("frontend")["RiskMonitor__Console__Keys"];
        Assert.Contains(_compose.Mounts("frontend"), mount => mount.Target == keys && _compose.Volumes.Contains(mount.Source));
    }

    [FactWithProgram("haproxy", "haproxy")]
    public Task Haproxy_accepts_the_configuration_of_the_balancer() => AcceptsAsync("haproxy", "-c", "-f", "deploy/compose/haproxy.cfg");

    [FactWithProgram("promtool", "prometheus")]
    public Task Promtool_accepts_rules_and_configuration() => AcceptsAsync("promtool", "check", "config", "deploy/prometheus/prometheus.yml");

    [FactWithProgram("docker-compose", "docker-compose")]
    public Task Docker_compose_accepts_the_file() => AcceptsAsync("docker-compose", "-f", "docker-compose.yml", "config", "-q");

    private static async Task AcceptsAsync(string program, params string[] arguments)
    {
        using var process = ChildProcess.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = ComposeFile.Root, RedirectStandardError = true, RedirectStandardOutput = true });
        var said = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken) + await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, said);
    }

    /// <summary>The key of a variable or file, with <c>*</c> for the numbers of entries.</summary>
    private static string KeyOf(string name) => Number().Replace(name.Replace("__", ":", StringComparison.Ordinal), ":*");

    private static SortedDictionary<string, string> FilesOf(string directory) =>
        new(Directory.GetFiles(directory, "*", SearchOption.AllDirectories).ToDictionary(file => file, File.ReadAllText), StringComparer.Ordinal);

    [GeneratedRegex(@":\d+(?=:|$)")]
    private static partial Regex Number();

    [GeneratedRegex(@"\b(riskmonitor|orleans)_[a-z_]+")]
    private static partial Regex Metric();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex Suffix();

    [GeneratedRegex("\"topic.prefix\": \"([^\"]+)\"")]
    private static partial Regex Prefix();

    [GeneratedRegex("\"table.include.list\": \"([^\"]+)\"")]
    private static partial Regex Table();
}
