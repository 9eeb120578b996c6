using RiskMonitor.Benchmarks.Load;
using RiskMonitor.Benchmarks.Measuring;
using RiskMonitor.CdcIngest.Feeds;

namespace RiskMonitor.Benchmarks.Scenarios;

/// <summary>From bytes in memory to durable records: decoding, ingest, desk grains, journal.</summary>
internal sealed class Chain : IScenario
{
    internal const int Desks = 50;

    public string Name => "chain";

    public string Says => $"changes durable per second from messages in memory, {Desks} desks of {Trading.PositionsPerDesk} positions, decoding included";

    public async IAsyncEnumerable<Contest> PrepareAsync(Effort effort)
    {
        await Task.CompletedTask;
        var count = effort.Of(200_000, 1_000);
        yield return new Contest($"{count} messages, {MessageForm.Envelope.Name}", [NewContender(count, partitions: 1), NewContender(count, partitions: 8)]);
    }

    private static Contender NewContender(int count, int partitions)
    {
        var messages = MessageForm.Envelope.Messages(Trading.Rows(count, Desks), partitions);
        return new Contender(partitions == 1 ? "one ordered lane" : $"{partitions} partitions", () => RunAsync(messages, partitions));
    }

    private static async Task<IReadOnlyList<Reading>> RunAsync(IReadOnlyList<FeedMessage> messages, int partitions)
    {
        await using var monitor = await MonitorHost.StartAsync(Trading.NeverReached);
        var stretch = Stretch.Begin();
        await monitor.IngestAsync(new MemoryFeed(messages, partitions));
        return stretch.End("changes", messages.Count);
    }
}
