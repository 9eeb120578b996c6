using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using RiskMonitor.Benchmarks.Load;
using RiskMonitor.Benchmarks.Measuring;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Benchmarks.Scenarios;

/// <summary>Processes of the real program on MariaDB, fed by a broker on sockets: what a change costs each role, and how long the news of a breach takes.</summary>
internal sealed class Cluster : IScenario
{
    private const int Desks = 200;

    /// <summary>Changes sent before anything is measured.</summary>
    private const int Cold = 60_000;

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

        var changes = effort.Events;
        yield return new Contest(
            $"from the topic to exact, durable desks: {changes} changes, {Desks} desks, {RunningCluster.Partitions} partitions",
            [
                new Contender("1 silo", () => CatchUpAsync(1, changes)),
                new Contender("3 silos", () => CatchUpAsync(3, changes)),
                new Contender("1 process of every role", () => CatchUpAsync(0, changes)),
                new Contender("a consumer in this process, and triggers for net delta", () => FollowAsync(changes)),
            ]);
        var breaches = effort.Of(Breaches, BreachingDesks);
        yield return new Contest(
            $"from the topic to the risk manager: {breaches} breaches, ten a second, among {ChangesPerSecond} changes a second",
            [
                new Contender("1 silo", () => BreachAsync(1, breaches)),
                new Contender("3 silos", () => BreachAsync(3, breaches)),
            ]);
    }

    /// <param name="silos">0: one process has every role.</param>
    private static async Task<IReadOnlyList<Reading>> CatchUpAsync(int silos, int changes)
    {
        await using var cluster = silos > 0 ? await RunningCluster.StartAsync(silos, ingests: 1, frontends: 1, s_settings) : await RunningCluster.PrepareAsync(s_settings);
        if (silos == 0)
        {
            cluster.Frontends.Add(await cluster.StartAsync("all"));
        }

        using var day = new KafkaDay(cluster.Broker, new TradingDay(changes + Cold, Desks));
        var frontend = cluster.Frontends[0];
        await SendAsync(Cold);
        var database = ("MariaDB", (IReadOnlyList<int>)[cluster.Database.Id!.Value]);
        var broker = ("broker and trading system", (IReadOnlyList<int>)[Environment.ProcessId]);
        var taken = silos == 0
            ? ProcessorTimes.Begin(("the process", [frontend.Id]), database, broker)
            : ProcessorTimes.Begin(
                ("silos", [.. cluster.Silos.Select(silo => silo.Id)]),
                ("ingest", [.. cluster.Ingests.Select(ingest => ingest.Id)]),
                database,
                ("frontend", [frontend.Id]),
                broker);
        var began = Stopwatch.GetTimestamp();
        await SendAsync(changes);
        return [new Reading("changes/s", changes / Stopwatch.GetElapsedTime(began).TotalSeconds), .. taken.End("change", changes)];

        async Task SendAsync(int count)
        {
            await day.SendAsync(count, mark => KafkaDay.IsFollowedAsync(frontend, mark));
            await day.IsAppliedAsync(frontend);
        }
    }

    private static async Task<IReadOnlyList<Reading>> FollowAsync(int changes)
    {
        await using var server = await MariaDbServer.StartAsync();
        using var broker = new MockKafka();
        broker.CreateTopic(RunningCluster.Topic, RunningCluster.Partitions);
        await using var table = await FollowingTable.StartAsync(server, broker.Servers);
        using var day = new KafkaDay(broker, new TradingDay(changes + Cold, Desks));
        await SendAsync(Cold);
        var taken = ProcessorTimes.Begin(("MariaDB", [server.Id!.Value]), ("broker, trading system and consumer", [Environment.ProcessId]));
        var began = Stopwatch.GetTimestamp();
        await SendAsync(changes);
        IReadOnlyList<Reading> readings = [new Reading("changes/s", changes / Stopwatch.GetElapsedTime(began).TotalSeconds), .. taken.End("change", changes)];
        await table.DemandEqualAsync(day.Book);
        return readings;

        async Task SendAsync(int count)
        {
            await day.SendAsync(count, mark => table.HasDoneAsync(mark.Messages));
            await table.HasDoneAsync(day.Messages);
        }
    }

    private static async Task<IReadOnlyList<Reading>> BreachAsync(int silos, int breaches)
    {
        await using var cluster = await RunningCluster.StartAsync(silos, ingests: 1, frontends: 1, s_settings);
        using var day = new KafkaDay(cluster.Broker, new TradingDay(10_000_000, Desks));
        day.Send(15 * ChangesPerSecond);
        await day.IsAppliedAsync(cluster.Frontends[0]);
        var breaching = new Breaching(cluster, day);
        // The first of every desk is not counted: it activates the desk and, in all, compiles the way of an alert.
        await breaching.RunAsync(2 * BreachingDesks);
        var counted = new Latencies();
        var stages = new Stages();
        breaching.Arrived = (from, to, message) =>
        {
            counted.Add(from, to);
            stages.Add(message);
        };
        await breaching.RunAsync(breaches);
        return
        [
            .. new[] { 0.5, 0.95, 0.99 }.Select(share => new Reading(string.Create(CultureInfo.InvariantCulture, $"POST received, p{share * 100:0}, ms"), counted.Microseconds(share) / 1_000)),
            .. stages.Readings(),
        ];
    }

    /// <summary>Where the time of a breach went, by the receipt in each message and the clock of this machine, which all share.</summary>
    private sealed class Stages
    {
        private static readonly (string Name, string From, string To)[] s_all =
            [("until an ingest has it", "committed_at", "ingested_at"), ("until its desk knows it", "ingested_at", "detected_at"), ("analysed", "detected_at", "analysed_at")];

        private readonly Latencies[] _latencies = [.. s_all.Select(_ => new Latencies()), new Latencies()];

        public void Add(JsonObject message)
        {
            var receipt = message["data"]!["latency"]!.AsObject();
            for (var i = 0; i < s_all.Length; i++)
            {
                _latencies[i].Add(At(s_all[i].To) - At(s_all[i].From));
            }

            _latencies[^1].Add(TimeProvider.System.GetUtcNow() - At("analysed_at"));

            DateTimeOffset At(string stage) => DateTimeOffset.Parse((string)receipt[stage]!["at"]!, CultureInfo.InvariantCulture);
        }

        public IEnumerable<Reading> Readings() => _latencies.Select((latency, i) =>
            new Reading(string.Create(CultureInfo.InvariantCulture, $"of that {(i < s_all.Length ? s_all[i].Name : "posted")}, p50, ms"), latency.Microseconds(0.5) / 1_000));
    }

    /// <summary>Desks that cross their limit in turn, and are cured by their next change, in the middle of a flow of other changes.</summary>
    private sealed class Breaching
    {
        private readonly ConcurrentDictionary<string, long> _sentAt = new(StringComparer.Ordinal);
        private readonly Position[] _rows = [.. Enumerable.Range(0, BreachingDesks).Select(Row)];
        private readonly bool[] _isOver = new bool[BreachingDesks];
        private readonly KafkaDay _day;
        private readonly HostProcess _frontend;

        public Breaching(RunningCluster cluster, KafkaDay day)
        {
            _day = day;
            _frontend = cluster.Frontends[0];
            cluster.RiskManager.Received = message =>
            {
                var now = Stopwatch.GetTimestamp();
                if ((string?)message["type"] == "risk.alert.opened" && _sentAt.TryRemove((string)message["data"]!["desk"]!, out var sent))
                {
                    lock (_sentAt)
                    {
                        Arrived(sent, now, message);
                    }
                }
            };
            foreach (var row in _rows)
            {
                day.Send(null, row);
            }
        }

        public Action<long, long, JsonObject> Arrived { get; set; } = (_, _, _) => { };

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
            await _day.IsAppliedAsync(_frontend);
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
