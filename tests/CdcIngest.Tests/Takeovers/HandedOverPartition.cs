using System.Runtime.CompilerServices;
using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Tests.Takeovers;

/// <summary>One partition as one owner reads it: in batches that end anywhere.</summary>
internal sealed class HandedOverPartition(HandedOverTopic topic, int partition, long start, Random random) : IChangeFeed
{
    public string Name => topic.Name;

    public bool IsTotallyOrdered => true;

    public bool LivesByItsEnds => true;

    private FeedPartition Id => new(topic.Name, partition);

    public Task<IReadOnlyList<FeedPartition>> PartitionsAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<FeedPartition>>([.. Enumerable.Range(0, topic.Partitions).Select(number => new FeedPartition(topic.Name, number))]);

    public async IAsyncEnumerable<FeedBatch> ReadAsync(IReadOnlyDictionary<FeedPartition, long> from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new FeedBatch([], [], DateTimeOffset.UtcNow);
        for (var next = (int)start; ;)
        {
            var some = topic.Of(partition).Skip(next).Take(random.Next(1, 25)).ToList();
            next += some.Count;
            var isAtEnd = next == topic.Of(partition).Count;
            yield return new FeedBatch(some, isAtEnd ? [Id] : [], DateTimeOffset.UtcNow, CaughtUp: isAtEnd ? (Id, DateTimeOffset.UtcNow) : null);
            if (isAtEnd || random.Next(3) == 0)
            {
                await Task.Delay(random.Next(1, 10), cancellationToken);
            }
        }
    }

    public Task CommitAsync(IReadOnlyDictionary<FeedPartition, long> next, CancellationToken cancellationToken) => Task.CompletedTask;
}
