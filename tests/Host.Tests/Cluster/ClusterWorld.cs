using System.Globalization;
using System.Text;

namespace RiskMonitor.Host.Tests.Cluster;

/// <summary>A MariaDB, a broker, and processes of the real program on them.</summary>
internal sealed class ClusterWorld : IAsyncDisposable
{
    private const string Topic = "trading.risk.positions";
    private const string Database = "riskmonitor";

    private readonly MariaDbServer _database;
    private readonly MockKafka _kafka = new();
    private readonly List<HostProcess> _processes = [];
    private int _log = 1_000;

    private ClusterWorld(MariaDbServer database) => _database = database;

    public static async Task<ClusterWorld> StartAsync()
    {
        var world = new ClusterWorld(await MariaDbServer.StartAsync());
        await world._database.ExecuteAsync($"CREATE DATABASE {Database}");
        world._kafka.CreateTopic(Topic, 2);
        return world;
    }

    /// <summary>Starts a process and waits until it is ready.</summary>
    public async Task<HostProcess> StartAsync(string role, params (string Name, string Value)[] more)
    {
        var environment = new Dictionary<string, string>
        {
            ["RiskMonitor__Role"] = role,
            ["RiskMonitor__Port"] = "0",
            ["RiskMonitor__MySql__ConnectionString"] = _database.ConnectionString(Database),
            ["RiskMonitor__Kafka__BootstrapServers"] = _kafka.Servers,
            ["RiskMonitor__Kafka__Topic"] = Topic,
            ["RiskMonitor__Orleans__SiloPort"] = "0",
            ["RiskMonitor__Orleans__GatewayPort"] = "0",
        };
        foreach (var (name, value) in more)
        {
            environment[name] = value;
        }

        var process = await HostProcess.StartAsync([], environment);
        lock (_processes)
        {
            _processes.Add(process);
        }

        return process;
    }

    /// <summary>A row of the positions table as its connector tells it.</summary>
    public void Trade(string position, string desk, decimal delta)
    {
        var row = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"position_id":"{{position}}","trader_id":"T1","desk":"{{desk}}","security_id":"AAPL","quantity":"1.0000","delta":"{{delta}}","entry_date":20000,"currency":"USD","created_at":"2026-05-02T10:00:00Z","updated_at":"2026-05-02T10:00:00Z"}""");
        var at = _log += 100;
        var envelope = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"before":null,"after":{{row}},"source":{"connector":"mysql","name":"trading","ts_ms":{{DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()}},"snapshot":"false","db":"risk","table":"positions","file":"binlog.000001","pos":{{at}},"row":0},"op":"c","ts_ms":{{DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()}}}""");
        _kafka.Produce(Topic, [(position[^1] % 2, Encoding.UTF8.GetBytes($$"""{"position_id":"{{position}}"}"""), Encoding.UTF8.GetBytes(envelope))]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }

        _kafka.Dispose();
        await _database.DisposeAsync();
    }
}
