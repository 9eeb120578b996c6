using System.Diagnostics;
using RiskMonitor.Benchmarks.Load;
using RiskMonitor.Benchmarks.Measuring;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Benchmarks.Scenarios;

/// <summary>From a change to the receiver of its alert: desk, journal, outbox, alert, rules, signed POST. One breach after the other, each on a desk of its own that is awake.</summary>
internal sealed class AlertLatency : IScenario
{
    private const int Breaches = 200;
    private const decimal Limit = 1_000m;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public string Name => "alerts";

    public string Says => "from the call that applies a breaching change to the whole webhook POST at a Kestrel receiver in this process, one at a time";

    public async IAsyncEnumerable<Contest> PrepareAsync(Effort effort)
    {
        await Task.CompletedTask;
        var breaches = effort.Of(Breaches);
        yield return new Contest($"{breaches} breaches", [new Contender("rules analyst", () => RunAsync(breaches))]);
    }

    private static async Task<IReadOnlyList<Reading>> RunAsync(int breaches)
    {
        await using var receiver = await Receiver.StartAsync();
        await using var monitor = await MonitorHost.StartAsync(Limit, receiver.Url);
        await Parallel.ForAsync(0, breaches, async (number, _) => await monitor.Desk(Trading.DeskName(number)).ApplyAsync(Batch(number, offset: 0, delta: 1m)));

        // The first POST opens the connection.
        await monitor.Desk("the first").ApplyAsync(Batch(breaches, offset: 0, delta: 2 * Limit));
        await receiver.NextAsync(Deadline);

        var durable = new Latencies();
        var received = new Latencies();
        for (var number = 0; number < breaches; number++)
        {
            var desk = monitor.Desk(Trading.DeskName(number));
            var batch = Batch(number, offset: 1, delta: 2 * Limit);
            var began = Stopwatch.GetTimestamp();
            var applying = desk.ApplyAsync(batch);
            var arrival = receiver.NextAsync(Deadline);
            await applying;
            durable.Add(began, Stopwatch.GetTimestamp());
            received.Add(began, await arrival);
        }

        return
        [
            new("change durable, p50, µs", durable.Microseconds(0.50)),
            new("change durable, p95, µs", durable.Microseconds(0.95)),
            new("POST received, p50, µs", received.Microseconds(0.50)),
            new("POST received, p95, µs", received.Microseconds(0.95)),
        ];
    }

    private static DeskBatch Batch(int number, long offset, decimal delta) => new()
    {
        Feed = Trading.Feed,
        Changes =
        [
            new PositionChange(
                new Delivery(Trading.Feed, 0, offset),
                $"P{number}",
                new Position($"P{number}", "trader_01", Trading.DeskName(number), "AAPL-CALL-175-20270115", 1m, delta, new DateOnly(2026, 5, 2), "USD", Trading.Opening),
                null,
                null,
                new SourceTime(DateTimeOffset.UtcNow, false, null)),
        ],
        Snapshot = default,
        FeedState = FeedState.Live,
        IngestedAt = DateTimeOffset.UtcNow,
    };
}
