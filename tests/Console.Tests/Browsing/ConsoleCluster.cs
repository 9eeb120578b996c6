using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using RiskMonitor.Risk.Access;

namespace RiskMonitor.WebConsole.Tests.Browsing;

/// <summary>A cluster as far as the console needs one: MariaDB, a silo, two frontends, and an administrator. Nothing is fed into it.</summary>
internal sealed class ConsoleCluster : IAsyncDisposable
{
    private readonly string _id = Guid.NewGuid().ToString("N")[..8];
    private readonly List<HostProcess> _processes = [];
    private readonly MariaDbServer _database;

    private ConsoleCluster(MariaDbServer database) => _database = database;

    /// <summary>Of the administrator, who is called ann.</summary>
    public string AdminKey { get; private set; } = "";

    public IReadOnlyList<HostProcess> Frontends { get; private set; } = [];

    public static async Task<ConsoleCluster> StartAsync()
    {
        var cluster = new ConsoleCluster(await MariaDbServer.StartAsync());
        try
        {
            await cluster._database.ExecuteAsync("CREATE DATABASE riskmonitor");
            var (exitCode, output, errors) = await HostProcess.RunAsync(cluster.Environment("all"), "users", "add", "ann", "--role", "admin", "--all-desks", "--clearance", "trader");
            Assert.True(exitCode == 0, errors);
            cluster.AdminKey = output.Split('\n', StringSplitOptions.TrimEntries).Single(line => line.StartsWith(ApiKey.Prefix, StringComparison.Ordinal));
            var silo = cluster.BeginAsync("silo");
            cluster.Frontends = await Task.WhenAll(cluster.BeginAsync("frontend"), cluster.BeginAsync("frontend"));
            await silo;
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sets a limit, so that a page has something to show.</summary>
    public async Task LimitAsync(string desk, decimal threshold)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "api/v1/limits/of-the-test")
        {
            Content = new StringContent(
                string.Create(CultureInfo.InvariantCulture, $$"""{"profile":"standard","scope_kind":"desk","scope_key":"{{desk}}","metric":"net_delta","horizon":"intraday","threshold":{{threshold}},"version":0,"reason":"mandate"}"""),
                Encoding.UTF8,
                "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", AdminKey);
        using var answer = await Frontends[0].Http.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }

        await _database.DisposeAsync();
    }

    private async Task<HostProcess> BeginAsync(string role)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var process = await HostProcess.StartAsync([], Environment(role));
                lock (_processes)
                {
                    _processes.Add(process);
                }

                return process;
            }
            catch (InvalidOperationException) when (attempt < 3)
            {
                // A silo that stalls while it joins is declared dead, and ends so that its supervisor starts it again.
            }
        }
    }

    private Dictionary<string, string> Environment(string role) => new()
    {
        ["RiskMonitor__Role"] = role,
        ["RiskMonitor__Port"] = "0",
        ["RiskMonitor__MySql__ConnectionString"] = _database.ConnectionString("riskmonitor"),
        ["RiskMonitor__Kafka__BootstrapServers"] = "127.0.0.1:9",
        ["RiskMonitor__Kafka__Topic"] = "trading.risk.positions",
        ["RiskMonitor__Orleans__ClusterId"] = _id,
        ["RiskMonitor__Orleans__ServiceId"] = "riskmonitor",
        ["RiskMonitor__Orleans__SiloPort"] = "0",
        ["RiskMonitor__Orleans__GatewayPort"] = "0",
        // All processes share the processors of one machine, so that one that starts can stall the others for longer than the default allows.
        ["RiskMonitor__Orleans__ProbeTimeout"] = "00:00:03",
    };
}
