using System.Diagnostics;
using RiskMonitor.Benchmarks.Load;
using RiskMonitor.Benchmarks.Measuring;
using RiskMonitor.CdcIngest.Feeds;

namespace RiskMonitor.Benchmarks.Scenarios;

/// <summary>One reader that asks one desk after the other for its view, on a quiet monitor and on one that ingests as fast as it can.</summary>
internal sealed class Reads : IScenario
{
    private const int QuietReads = 20_000;

    public string Name => "reads";

    public string Says => $"latency of reading a desk while changes of {Chain.Desks} desks are written, one reader, each read after the last one's answer";

    public async IAsyncEnumerable<Contest> PrepareAsync(Effort effort)
    {
        await Task.CompletedTask;
        var filling = MessageForm.Envelope.Messages(Trading.Rows(25_000, Chain.Desks));
        var messages = MessageForm.Envelope.Messages(Trading.Rows(effort.Of(200_000, 1_000), Chain.Desks));
        yield return new Contest(
            "IDeskRiskGrain.ReadAsync",
            [
                new Contender("quiet", () => QuietAsync(filling, effort.Of(QuietReads))),
                new Contender("while writing", () => WhileWritingAsync(messages)),
            ]);
    }

    private static async Task<IReadOnlyList<Reading>> QuietAsync(IReadOnlyList<FeedMessage> filling, int reads)
    {
        await using var monitor = await MonitorHost.StartAsync(Trading.NeverReached);
        await monitor.IngestAsync(new MemoryFeed(filling, partitions: 1));
        return Readings(await ReadAsync(monitor, done => done < reads));
    }

    private static async Task<IReadOnlyList<Reading>> WhileWritingAsync(IReadOnlyList<FeedMessage> messages)
    {
        await using var monitor = await MonitorHost.StartAsync(Trading.NeverReached);
        var writing = Task.Run(() => monitor.IngestAsync(new MemoryFeed(messages, partitions: 1)));
        var latencies = await ReadAsync(monitor, _ => !writing.IsCompleted);
        await writing;
        return Readings(latencies);
    }

    private static Task<Latencies> ReadAsync(MonitorHost monitor, Func<int, bool> goesOn) => Task.Run(async () =>
    {
        var latencies = new Latencies();
        while (goesOn(latencies.Count))
        {
            var desk = monitor.Desk(Trading.DeskName(latencies.Count % Chain.Desks));
            var began = Stopwatch.GetTimestamp();
            await desk.ReadAsync();
            latencies.Add(began, Stopwatch.GetTimestamp());
        }

        return latencies;
    });

    private static IReadOnlyList<Reading> Readings(Latencies latencies) =>
    [
        new("p50, µs", latencies.Microseconds(0.50)),
        new("p99, µs", latencies.Microseconds(0.99)),
        new("reads", latencies.Count),
    ];
}
