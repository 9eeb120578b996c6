using System.Globalization;

namespace RiskMonitor.Cluster.Tests;

/// <summary>
/// A cluster on real servers, in the middle of trading with breaches: whatever is killed, stopped or cut off, afterwards every desk has the trader's figure and
/// every breach has one alert that was delivered and acknowledged.
/// </summary>
[Collection("one cluster at a time")]
public sealed class StormTests(StormTests.Servers servers, ITestOutputHelper report) : IClassFixture<StormTests.Servers>
{
    private const int ChangesPerSecond = 200;

    private RunningCluster Cluster => servers.Cluster ?? throw new InvalidOperationException("the cluster did not start");

    [FactWithMariaDb(Explicit = true)]
    public Task Nothing_happens() => InTheMiddleOfTradingAsync("nothing", () => Task.CompletedTask);

    [FactWithMariaDb]
    public Task A_silo_is_killed() => InTheMiddleOfTradingAsync("SIGKILL of a silo", () => KillAndReplaceAsync(Cluster.Silos, "silo"));

    [FactWithMariaDb]
    public Task An_ingest_is_killed() => InTheMiddleOfTradingAsync("SIGKILL of an ingest", () => KillAndReplaceAsync(Cluster.Ingests, "ingest"));

    [FactWithMariaDb(Explicit = true)]
    public Task A_frontend_is_killed() => InTheMiddleOfTradingAsync("SIGKILL of a frontend", async () =>
    {
        // The risk manager acknowledges at the one that lives.
        Cluster.AskFrontend(0);
        await KillAndReplaceAsync(Cluster.Frontends, "frontend");
    });

    [FactWithMariaDb]
    public Task MariaDB_restarts() => InTheMiddleOfTradingAsync("restart of MariaDB", () => Cluster.Database.RestartAsync());

    [FactWithMariaDb(Explicit = true)]
    public Task MariaDB_is_killed() => InTheMiddleOfTradingAsync("SIGKILL of MariaDB", async () =>
    {
        await Cluster.Database.KillAsync();
        await Cluster.Database.StartProcessAsync();
    });

    [FactWithMariaDb(Explicit = true)]
    public Task The_broker_is_away() => InTheMiddleOfTradingAsync("broker away", async () =>
    {
        Cluster.Broker.SetDown();
        await TradingGoesOnAsync(3 * ChangesPerSecond);
        Cluster.Broker.SetUp();
    });

    [FactWithMariaDb(Explicit = true)]
    public Task The_webhook_stalls() => InTheMiddleOfTradingAsync("webhook that stalls", async () =>
    {
        using var stall = new ManualResetEventSlim();
        Cluster.RiskManager.Received = _ => stall.Wait(TimeSpan.FromSeconds(20));
        await TradingGoesOnAsync(3 * ChangesPerSecond);
        Cluster.RiskManager.Received = null;
        stall.Set();
    });

    [FactWithMariaDb(Explicit = true)]
    public Task A_silo_stands_still_and_comes_back_as_a_zombie() => InTheMiddleOfTradingAsync("silo stopped for 20 s", async () =>
    {
        var zombie = Cluster.Silos[^1];
        var dead = await Cluster.CountDeadSilosAsync();
        await zombie.SignalAsync("STOP");
        await TradingGoesOnAsync(20 * ChangesPerSecond);
        // Silos that are short of processor time themselves take longer to suspect another one.
        await Eventually.IsTrueAsync("the others declare the silo dead", async () => await Cluster.CountDeadSilosAsync() > dead);
        await zombie.SignalAsync("CONT");
        Assert.Equal(RunningCluster.DeclaredDead, await zombie.EndedAsync());
        await Cluster.ReplaceAsync(Cluster.Silos, zombie, "silo");
    });

    [FactWithMariaDb(Explicit = true)]
    public Task Two_faults_at_once() => InTheMiddleOfTradingAsync("SIGKILL of a silo and an ingest", () => Task.WhenAll(
        KillAndReplaceAsync(Cluster.Silos, "silo"), KillAndReplaceAsync(Cluster.Ingests, "ingest")));

    [FactWithMariaDb(Explicit = true)]
    public Task Everything_is_restarted_one_by_one() => InTheMiddleOfTradingAsync("rolling restart", async () =>
    {
        foreach (var (processes, role) in new[] { (Cluster.Silos, "silo"), (Cluster.Ingests, "ingest"), (Cluster.Frontends, "frontend") })
        {
            foreach (var process in processes.ToArray())
            {
                var next = await Cluster.StartAsync(role);
                processes.Add(next);
                processes.Remove(process);
                if (role == "frontend")
                {
                    Cluster.AskFrontend(processes.Count - 1);
                }

                // A silo that a stall of the machine has ended before its turn has its successor already.
                var exitCode = await process.TerminateAsync();
                Assert.True(exitCode == 0 || (role == "silo" && exitCode == RunningCluster.DeclaredDead), $"a {role} ended with {exitCode}; it said:\n{string.Join('\n', process.Errors.Split('\n').TakeLast(40))}");
                await process.DisposeAsync();
            }
        }

        Cluster.AskFrontend(0);
    });

    /// <summary>Ends when so many more changes were made.</summary>
    private Task TradingGoesOnAsync(int changes)
    {
        var enough = Cluster.Trader.Changes + changes;
        return Eventually.IsTrueAsync($"{changes} more changes are made", () => Cluster.Trader.Changes >= enough);
    }

    private async Task InTheMiddleOfTradingAsync(string fault, Func<Task> act)
    {
        var received = Cluster.RiskManager.Messages.Count;
        Cluster.Trader.Trade(100);
        await Cluster.IsRightAsync();
        using var end = new CancellationTokenSource();
        var trading = Cluster.Trader.TradeAsync(ChangesPerSecond, end.Token);
        TimeSpan longest;
        await using (var availability = new Availability(Cluster, [.. Cluster.Trader.Nets().Keys]))
        {
            await TradingGoesOnAsync(1 * ChangesPerSecond);
            await act();
            await TradingGoesOnAsync(2 * ChangesPerSecond);
            await end.CancelAsync();
            await trading;
            longest = availability.Longest;
        }

        // A thousand questions a second would keep a busy machine from catching up.
        await Cluster.IsRightAsync();
        report.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{fault}: no answer about a desk for at most {longest.TotalSeconds:0.00} s; alerts {Delays(received)}"));
    }

    /// <summary>How long the risk manager waited for the news of breaches, from their commit.</summary>
    private string Delays(int from)
    {
        var delays = Cluster.RiskManager.Arrivals.Skip(from)
            .Where(arrival => (string?)arrival.Message["type"] == "risk.alert.opened")
            .GroupBy(arrival => (string)arrival.Message["data"]!["alert_id"]!)
            .Select(arrivals => arrivals.First())
            .Select(arrival => arrival.At - Cluster.Trader.BreachedAt((string)arrival.Message["data"]!["desk"]!, (int)arrival.Message["data"]!["episode"]!))
            .Where(delay => delay is not null)
            .Select(delay => delay!.Value.TotalMilliseconds)
            .Order()
            .ToList();
        return delays.Count == 0 ? "none" : string.Create(CultureInfo.InvariantCulture, $"{delays.Count}, received after {delays[delays.Count / 2]:0} ms (median), {delays[^1]:0} ms (longest)");
    }

    private async Task KillAndReplaceAsync(List<HostProcess> processes, string role)
    {
        var victim = processes[^1];
        victim.Kill();
        await Cluster.ReplaceAsync(processes, victim, role);
    }

    /// <summary>One cluster for all faults, one after the other: what one fault damages, the next would show.</summary>
    public sealed class Servers : IAsyncLifetime
    {
        internal RunningCluster? Cluster { get; private set; }

        public async ValueTask InitializeAsync()
        {
            if (MariaDbServer.Missing is null)
            {
                Cluster = await RunningCluster.StartAsync(silos: 3, ingests: 2, frontends: 2);
            }
        }

        public ValueTask DisposeAsync() => Cluster?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
