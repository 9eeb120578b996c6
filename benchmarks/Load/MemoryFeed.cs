using System.Runtime.CompilerServices;
using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Benchmarks.Load;

/// <summary>A feed whose messages are in memory already, so that only what comes behind it is measured. It has an end.</summary>
internal sealed class MemoryFeed(IReadOnlyList<FeedMessage> messages, int partitions) : IChangeFeed
{
    private const int BatchSize = 1_000;

    private readonly IReadOnlyList<FeedPartition> _partitions = [.. Enumerable.Range(0, partitions).Select(number => new FeedPartition(Trading.Feed, number))];

    public string Name => Trading.Feed;

    public bool IsTotallyOrdered => _partitions.Count == 1;

    public Task<IReadOnlyList<FeedPartition>> PartitionsAsync(CancellationToken cancellationToken) => Task.FromResult(_partitions);

    public async IAsyncEnumerable<FeedBatch> ReadAsync(
        IReadOnlyDictionary<FeedPartition, long> from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var read = 0;
        foreach (var batch in messages.Chunk(BatchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            read += batch.Length;
            yield return new FeedBatch(batch, [], DateTimeOffset.UtcNow, MoreFollows: read < messages.Count);
        }

        await Task.CompletedTask;
    }

    public Task CommitAsync(IReadOnlyDictionary<FeedPartition, long> next, CancellationToken cancellationToken) => Task.CompletedTask;
}
