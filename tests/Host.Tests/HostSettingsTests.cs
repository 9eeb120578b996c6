using Microsoft.Extensions.Configuration;
using RiskMonitor.Host.CommandLine;
using RiskMonitor.Host.Roles;

namespace RiskMonitor.Host.Tests;

public sealed class HostSettingsTests
{
    [Fact]
    public void Without_settings_it_is_the_demo_on_port_8080()
    {
        var settings = Read();

        Assert.Equal(8080, settings.Port);
        Assert.True(settings.Demo);
        Assert.Equal(Path.GetFullPath("data"), settings.Data);
        Assert.Null(settings.DefaultNetDelta);
    }

    [Theory]
    [InlineData("Port", "http", "Port is 'http'; give a number from 0 to 65535")]
    [InlineData("Port", "70000", "Port is '70000'")]
    [InlineData("Demo", "maybe", "Demo is 'maybe'; give true or false")]
    [InlineData("Replay", "/no/such/file", "Replay is '/no/such/file', which is no file")]
    [InlineData("Webhook:Url", "risk.example", "Webhook:Url is 'risk.example'; set an absolute http or https address")]
    [InlineData("Webhook:Url", "https://risk.example/hook", "Webhook:Secret is missing")]
    [InlineData("Limits:DefaultNetDelta", "5m", "Limits:DefaultNetDelta is '5m'; give an amount")]
    [InlineData("Limits:DefaultNetDelta", "0.00001", "give at most 4 decimals")]
    [InlineData("Limits:DefaultNetDelta", "0.00000000000000000000000000000001", "give an amount")]
    [InlineData("Limits:DefaultNetDelta", "-1", "Limits:DefaultNetDelta: threshold is -1")]
    public void A_wrong_value_is_named_with_its_remedy(string key, string value, string message) =>
        Assert.Contains(message, Assert.Throws<UsageException>(() => Read((key, value))).Message);

    [Theory]
    [InlineData("Role is 'leader'; give silo, ingest, frontend or all (--role ROLE)", "Role=leader")]
    [InlineData("Role is silo and MySql:ConnectionString is missing; the processes of a cluster share their state in it: set RiskMonitor__MySql__ConnectionString=", "Role=silo")]
    [InlineData("Role is frontend and MySql:ConnectionString is missing", "Role=frontend", "Kafka:BootstrapServers=kafka:9092")]
    [InlineData("MySql:ConnectionString is given and Kafka:BootstrapServers is missing; changes come from it: set RiskMonitor__Kafka__BootstrapServers=", "Role=ingest", "MySql:ConnectionString=Server=db")]
    [InlineData("or leave out MySql:ConnectionString to run on SQLite", "MySql:ConnectionString=Server=db")]
    [InlineData("Kafka:BootstrapServers is given and MySql:ConnectionString is missing", "Kafka:BootstrapServers=kafka:9092")]
    [InlineData("Demo is true and MySql:ConnectionString is given; the demo book is one of the single process", "Role=frontend", "MySql:ConnectionString=Server=db", "Demo=true")]
    [InlineData("Stdio is true and MySql:ConnectionString is given; a frontend of a cluster is asked over HTTP", "Role=frontend", "MySql:ConnectionString=Server=db", "Stdio=true")]
    [InlineData("Role is frontend and Kafka:Topic is missing; it names the feed", "Role=frontend", "MySql:ConnectionString=Server=db")]
    [InlineData("DrainDelay is '1h'; give a time below 00:00:10", "DrainDelay=1h")]
    public void A_role_that_contradicts_what_is_configured_is_named_with_its_remedy(string message, params string[] settings) =>
        Assert.Contains(message, Assert.Throws<UsageException>(() => Read([.. settings.Select(Pair)])).Message);

    [Theory]
    [InlineData(HostRole.Silo, "Role=silo", "MySql:ConnectionString=Server=db")]
    [InlineData(HostRole.Ingest, "Role=Ingest", "MySql:ConnectionString=Server=db", "Kafka:BootstrapServers=kafka:9092", "Kafka:Topic=positions")]
    [InlineData(HostRole.Frontend, "Role=frontend", "MySql:ConnectionString=Server=db", "Kafka:Topic=positions")]
    [InlineData(HostRole.All, "MySql:ConnectionString=Server=db", "Kafka:BootstrapServers=kafka:9092", "Kafka:Topic=positions")]
    internal void A_process_of_a_cluster_has_its_role_and_no_demo(HostRole role, params string[] configured)
    {
        var settings = Read([.. configured.Select(Pair)]);

        Assert.Equal((role, true, false), (settings.Role, settings.IsCluster, settings.Demo));
    }

    [Fact]
    public void All_wrong_values_are_told_at_once()
    {
        var problem = Assert.Throws<UsageException>(() => Read(("Port", "x"), ("Demo", "y")));

        Assert.Equal(2, problem.Message.Split('\n').Length);
    }

    [Fact]
    public void A_replay_has_no_demo_and_data_of_its_own()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory.File("events.jsonl"), "");

        var settings = Read(("Replay", directory.File("events.jsonl")));

        Assert.False(settings.Demo);
        Assert.Equal(Path.GetFullPath("data/replay/events.jsonl"), settings.Data);
    }

    private static (string Key, string Value) Pair(string setting) => (setting[..setting.IndexOf('=', StringComparison.Ordinal)], setting[(setting.IndexOf('=', StringComparison.Ordinal) + 1)..]);

    private static HostSettings Read(params (string Key, string Value)[] values) =>
        HostSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(values.ToDictionary(pair => pair.Key, pair => (string?)pair.Value)).Build());
}
