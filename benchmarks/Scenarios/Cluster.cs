using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using RiskMonitor.Benchmarks.Load;
using RiskMonitor.Benchmarks.Measuring;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Benchmarks.Scenarios;

/// <summary>Processes of the real program on MariaDB, fed by a broker on sockets: what a change costs each role, and how long the news of a breach takes.</summary>
internal sealed class Cluster : IScenario
{
    private const int Desks = 200;

    /// <summary>What the broker can hold unread: 5 MB a partition, of messages of 0.9 kB.</summary>
    private const int ChangesAtATime = 15_000;

    private const int ChangesPerSecond = 1_000;
    private const int Ticks = 50;
    private const int BreachingDesks = 40;
    private const int Breaches = 400;
    private const decimal Limit = 1_000_000_000m;

    private static readonly Dictionary<string, string> s_settings = new() { ["RiskMonitor__Limits__DefaultNetDelta"] = Limit.ToString(CultureInfo.InvariantCulture) };

    public string Name => "cluster";

    public string Says => "silos, an ingest and a frontend as processes of the program, on MariaDB and a broker in this process, all on the same processors";

    public async IAsyncEnumerable<Contest> PrepareAsync(Effort effort)
    {
        await Task.CompletedTask;
        if (MariaDbServer.Missing is { } missing)
        {
            Console.WriteLine($"  not measured: {missing}");
            yield break;
        }

        var changes = Math.Max(1, effort.Events / ChangesAtATime) * ChangesAtATime;
        yield return new Contest(
            $"from the topic to exact, durable desks: {changes} changes, {ChangesAtATime} at a time, {Desks} desks, {RunningCluster.Partitions} partitions",
            [
                new Contender("1 silo", () => CatchUpAsync(1, changes)),
                new Contender("3 silos", () => CatchUpAsync(3, changes)),
            ]);
        var breaches = effort.Of(Breaches, BreachingDesks);
        yield return new Contest(
            $"from the topic to the risk manager: {breaches} breaches, ten a second, among {ChangesPerSecond} changes a second",
            [
                new Contender("1 silo", () => BreachAsync(1, breaches)),
                new Contender("3 silos", () => BreachAsync(3, breaches)),
            ]);
    }

    private static async Task<IReadOnlyList<Reading>> CatchUpAsync(int silos, int changes)
    {
        await using var cluster = await RunningCluster.StartAsync(silos, ingests: 1, frontends: 1, s_settings);
        using var day = new KafkaDay(cluster, new TradingDay(changes + (2 * ChangesAtATime), Desks));
        for (var cold = 0; cold < 2; cold++)
        {
            day.Send(ChangesAtATime);
            await day.IsAppliedAsync();
        }

        var taken = ProcessorTimes.Begin(
            ("silos", [.. cluster.Silos.Select(silo => silo.Id)]),
            ("ingest", [.. cluster.Ingests.Select(ingest => ingest.Id)]),
            ("MariaDB", [cluster.Database.Id!.Value]),
            ("frontend that is asked for all desks until they are right", [cluster.Frontends[0].Id]),
            ("broker and trading system", [Environment.ProcessId]));
        var began = Stopwatch.GetTimestamp();
        for (var sent = 0; sent < changes; sent += ChangesAtATime)
        {
            day.Send(ChangesAtATime);
            await day.IsAppliedAsync();
        }

        return [new Reading("changes/s", changes / Stopwatch.GetElapsedTime(began).TotalSeconds), .. taken.End("change", changes)];
    }

    private static async Task<IReadOnlyList<Reading>> BreachAsync(int silos, int breaches)
    {
        await using var cluster = await RunningCluster.StartAsync(silos, ingests: 1, frontends: 1, s_settings);
        using var day = new KafkaDay(cluster, new TradingDay(10_000_000, Desks));
        day.Send(ChangesAtATime);
        await day.IsAppliedAsync();
        var breaching = new Breaching(cluster, day);
        // The first of every desk is not counted: it activates the desk and, in all, compiles the way of an alert.
        await breaching.RunAsync(2 * BreachingDesks);
        var counted = new Latencies();
        breaching.Arrived = (from, to) => counted.Add(from, to);
        await breaching.RunAsync(breaches);
        return [.. new[] { 0.5, 0.95, 0.99 }.Select(share => new Reading(string.Create(CultureInfo.InvariantCulture, $"POST received, p{share * 100:0}, ms"), counted.Microseconds(share) / 1_000))];
    }

    /// <summary>Desks that cross their limit in turn, and are cured by their next change, in the middle of a flow of other changes.</summary>
    private sealed class Breaching
    {
        private readonly ConcurrentDictionary<string, long> _sentAt = new(StringComparer.Ordinal);
        private readonly Position[] _rows = [.. Enumerable.Range(0, BreachingDesks).Select(Row)];
        private readonly bool[] _isOver = new bool[BreachingDesks];
        private readonly KafkaDay _day;

        public Breaching(RunningCluster cluster, KafkaDay day)
        {
            _day = day;
            cluster.RiskManager.Received = message =>
            {
                var now = Stopwatch.GetTimestamp();
                if ((string?)message["type"] == "risk.alert.opened" && _sentAt.TryRemove((string)message["data"]!["desk"]!, out var sent))
                {
                    lock (_sentAt)
                    {
                        Arrived(sent, now);
                    }
                }
            };
            foreach (var row in _rows)
            {
                day.Send(null, row);
            }
        }

        public Action<long, long> Arrived { get; set; } = (_, _) => { };

        public async Task RunAsync(int breaches)
        {
            using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / Ticks));
            for (var (tick, sent) = (0, 0); sent < breaches; tick++)
            {
                await timer.WaitForNextTickAsync();
                _day.Send(ChangesPerSecond / Ticks);
                var next = sent % BreachingDesks;
                // Half a round later the risk manager has the news.
                var cured = _isOver[next] ? next : (next + (BreachingDesks / 2)) % BreachingDesks;
                switch (tick % 5)
                {
                    case 0 when !_isOver[next]:
                        Move(next, isOver: true);
                        sent++;
                        break;
                    case 2 when _isOver[cured] && !_sentAt.ContainsKey(_rows[cured].Desk):
                        Move(cured, isOver: false);
                        break;
                }
            }

            await Eventually.IsTrueAsync("the news of every breach has come", () => _sentAt.IsEmpty);
            await _day.IsAppliedAsync();
        }

        private void Move(int desk, bool isOver)
        {
            var before = _rows[desk];
            _rows[desk] = before with { Delta = isOver ? 2 * Limit : 1 };
            _isOver[desk] = isOver;
            if (isOver)
            {
                _sentAt[before.Desk] = Stopwatch.GetTimestamp();
            }

            _day.Send(before, _rows[desk]);
        }

        private static Position Row(int number) => new(
            string.Create(CultureInfo.InvariantCulture, $"BREACH-{number}"),
            "trader_01",
            string.Create(CultureInfo.InvariantCulture, $"Breaching {number}"),
            "AAPL-CALL-175-20270115",
            1m,
            1m,
            new DateOnly(2026, 5, 2),
            "USD",
            Trading.Opening);
    }
}
