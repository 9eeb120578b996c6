using System.Globalization;

namespace RiskMonitor.Testing.Clusters;

/// <summary>
/// A cluster as an operator runs it: MariaDB, a broker, and silos, ingests and frontends as processes of the real program; with somebody who trades and a risk manager.
/// </summary>
internal sealed class RunningCluster : IAsyncDisposable
{
    public const string Topic = "trading.risk.positions";
    public const int Partitions = 6;
    public const string AlertTopic = "risk_alerts";
    public const int AlertPartitions = 3;
    public const string TradingDatabase = "trading";
    public const decimal Limit = 1_000_000m;

    /// <summary>The exit code of a silo that the others have declared dead: its supervisor is to start it again.</summary>
    public const int DeclaredDead = 75;

    /// <summary>Who looks all the time keeps the processes from catching up.</summary>
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromMilliseconds(200);

    private readonly string _id = Guid.NewGuid().ToString("N")[..8];

    private readonly IReadOnlyDictionary<string, string> _settings;

    private RunningCluster(MariaDbServer database, RiskManagerEndpoint riskManager, IReadOnlyDictionary<string, string> settings)
    {
        _settings = settings;
        Database = database;
        RiskManager = riskManager;
        Broker.CreateTopic(Topic, Partitions);
        Broker.CreateTopic("positions.dlq", 1);
        Broker.CreateTopic(AlertTopic, AlertPartitions);
        Trader = new Trader(Broker, Topic, Partitions, Limit);
    }

    public MariaDbServer Database { get; }

    public MockKafka Broker { get; } = new();

    public RiskManagerEndpoint RiskManager { get; }

    public Trader Trader { get; }

    public List<HostProcess> Silos { get; } = [];

    public List<HostProcess> Ingests { get; } = [];

    public List<HostProcess> Frontends { get; } = [];

    /// <summary>Starts the servers, and none of the product's processes.</summary>
    /// <param name="settings">Of every process, in its environment; they replace those of the tests.</param>
    public static async Task<RunningCluster> PrepareAsync(IReadOnlyDictionary<string, string>? settings = null)
    {
        var cluster = new RunningCluster(await MariaDbServer.StartAsync(), await RiskManagerEndpoint.StartAsync(), settings ?? new Dictionary<string, string>());
        await cluster.Database.ExecuteAsync("CREATE DATABASE riskmonitor");
        return cluster;
    }

    /// <inheritdoc cref="PrepareAsync"/>
    public static async Task<RunningCluster> StartAsync(int silos, int ingests, int frontends, IReadOnlyDictionary<string, string>? settings = null)
    {
        var cluster = await PrepareAsync(settings);
        try
        {
            // All at once: what starts before what it needs waits for it.
            var starting = new[] { (cluster.Silos, "silo", silos), (cluster.Ingests, "ingest", ingests), (cluster.Frontends, "frontend", frontends) }
                .Select(async role =>
                {
                    var (processes, name, count) = role;
                    processes.AddRange(await Task.WhenAll(Enumerable.Range(0, count).Select(_ => cluster.StartAsync(name))));
                });
            await Task.WhenAll(starting);
            cluster.AskFrontend(0);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts one more process of a role, and ends when it is ready. One that ends before is started again, as its supervisor would do.</summary>
    public async Task<HostProcess> StartAsync(string role)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await HostProcess.StartAsync([], EnvironmentOf(role));
            }
            catch (InvalidOperationException) when (attempt < 3)
            {
                // A silo that stalls while it joins is declared dead, and ends with the exit code that asks for this.
            }
        }
    }

    /// <summary>Starts another process in the place of one that has ended.</summary>
    public async Task ReplaceAsync(List<HostProcess> processes, HostProcess gone, string role)
    {
        var next = await StartAsync(role);
        processes.Remove(gone);
        processes.Add(next);
        await gone.DisposeAsync();
    }

    /// <summary>Runs a command beside the processes.</summary>
    public Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] options) => HostProcess.RunAsync(EnvironmentOf("all"), options);

    /// <summary>From now on the risk manager acknowledges at this frontend.</summary>
    public void AskFrontend(int number) => RiskManager.Monitor = Frontends[number].Http.BaseAddress;

    /// <summary>How many silos the others have declared dead so far, those that were replaced included.</summary>
    public async Task<int> CountDeadSilosAsync() =>
        int.Parse(await Database.ExecuteAsync("SELECT count(*) FROM OrleansMembershipTable WHERE Status = 6", "riskmonitor"), CultureInfo.InvariantCulture);

    /// <summary>Waits until every desk has the trader's figure, every breach has its one alert, and every alert was received and acknowledged.</summary>
    public async Task IsRightAsync()
    {
        var frontend = Frontends[0];
        await EventuallyAgreesAsync("the desks agree with the trader's book", async () => await frontend.DifferencesAsync(Trader.Nets()));
        await EventuallyAgreesAsync("every breach has one alert, acknowledged", async () =>
        {
            foreach (var (desk, episodes) in Trader.Episodes())
            {
                var alerts = await frontend.AlertsAsync(desk);
                var numbers = alerts.Select(alert => (int)alert["episode"]!).Order().ToList();
                if (!numbers.SequenceEqual(Enumerable.Range(1, episodes)))
                {
                    return $"{desk} has alerts for the episodes {string.Join(',', numbers)}, not for 1 to {episodes}";
                }

                if (alerts.FirstOrDefault(alert => (string?)alert["status"] != "consumed") is { } open)
                {
                    return $"{desk}: alert {open["alert_id"]} is {open["status"]}";
                }

                var received = RiskManager.Messages.Select(message => (string)message["data"]!["alert_id"]!).ToHashSet();
                if (alerts.FirstOrDefault(alert => !received.Contains((string)alert["alert_id"]!)) is { } lost)
                {
                    return $"{desk}: alert {lost["alert_id"]} never came to the risk manager";
                }
            }

            return null;
        });
        if (RiskManager.Refused.TryPeek(out var refused))
        {
            throw new InvalidOperationException($"the risk manager refused a message: {refused}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Frontends.Concat(Ingests).Concat(Silos))
        {
            await process.DisposeAsync();
        }

        await RiskManager.DisposeAsync();
        await Database.DisposeAsync();
        Broker.Dispose();
    }

    /// <param name="difference">Says what is not right yet; null: all is.</param>
    private async Task EventuallyAgreesAsync(string what, Func<Task<string?>> difference)
    {
        var last = "";
        using var looking = new PeriodicTimer(s_lookEvery);
        try
        {
            await Eventually.IsTrueAsync(what, async () =>
            {
                try
                {
                    await looking.WaitForNextTickAsync();
                    await ReplaceDeclaredDeadAsync();
                    last = await difference() ?? "";
                    return last.Length == 0;
                }
                catch (HttpRequestException exception)
                {
                    last = exception.Message;
                    return false;
                }
            });
        }
        catch (TimeoutException timeout)
        {
            throw new TimeoutException($"{timeout.Message}: {last}\n{await StoredAsync()}\n{Said()}", timeout);
        }
    }

    /// <summary>What a supervisor does: all processes share the processors of one machine, which may stall one of them for longer than its peers wait.</summary>
    private async Task ReplaceDeclaredDeadAsync()
    {
        foreach (var silo in Silos.Where(silo => silo.ExitCode == DeclaredDead).ToArray())
        {
            await ReplaceAsync(Silos, silo, "silo");
        }
    }

    /// <summary>How far desks and partitions are, for a test that has failed: whether changes lag, are lost, or are only not shown.</summary>
    private async Task<string> StoredAsync()
    {
        var ends = string.Join(' ', Broker.Read(Topic, Partitions).GroupBy(message => message.Partition).Select(partition => $"{partition.Key}:{partition.Count()}"));
        var rows = await Database.ExecuteAsync(
            "SELECT desk, head_sequence, head_writer, folded_sequence FROM desks; SELECT `partition`, epoch, length(checkpoint) FROM partition_checkpoints", "riskmonitor");
        return $"messages by partition: {ends}\n{rows}";
    }

    private Dictionary<string, string> EnvironmentOf(string role)
    {
        var environment = new Dictionary<string, string>
        {
            ["RiskMonitor__Role"] = role,
            ["RiskMonitor__Port"] = "0",
            ["RiskMonitor__MySql__ConnectionString"] = Database.ConnectionString("riskmonitor"),
            ["RiskMonitor__Kafka__BootstrapServers"] = Broker.Servers,
            ["RiskMonitor__Kafka__Topic"] = Topic,
            ["RiskMonitor__Orleans__ClusterId"] = _id,
            ["RiskMonitor__Orleans__ServiceId"] = "riskmonitor",
            ["RiskMonitor__Orleans__SiloPort"] = "0",
            ["RiskMonitor__Orleans__GatewayPort"] = "0",
            // All processes share the processors of one machine, so that one that starts can stall the others for longer than the default allows.
            ["RiskMonitor__Orleans__ProbeTimeout"] = "00:00:03",
            ["RiskMonitor__Reconcile__TradingConnectionString"] = Database.ConnectionString(TradingDatabase),
            ["RiskMonitor__Webhook__Url"] = RiskManager.Url,
            ["RiskMonitor__Webhook__Secret"] = RiskManager.Secret,
            ["RiskMonitor__Limits__DefaultNetDelta"] = Limit.ToString(CultureInfo.InvariantCulture),
        };

        // Attempts are counted over all faults; the usual ladder would soon have the test wait for minutes.
        for (var attempt = 0; attempt < 100; attempt++)
        {
            environment[string.Create(CultureInfo.InvariantCulture, $"RiskMonitor__Alerting__RetryDelays__{attempt}")] = "00:00:00.2";
        }

        foreach (var (name, value) in _settings)
        {
            environment[name] = value;
        }

        return environment;
    }

    /// <summary>The last that each process said, for a test that has failed.</summary>
    private string Said() => string.Join('\n', new[] { ("silo", Silos), ("ingest", Ingests), ("frontend", Frontends) }.SelectMany(role =>
        role.Item2.Select((process, number) => $"--- {role.Item1} {number}{(process.ExitCode is { } code ? $", which ended with {code}" : "")}:\n{string.Join('\n', process.Errors.Split('\n').TakeLast(15).Select(line => line[..Math.Min(line.Length, 400)]))}")));
}
