using System.Runtime.CompilerServices;
using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Host;

/// <summary>Wraps a feed and completes <see cref="CaughtUp"/> when its reader has read, for the first time, everything that the feed held.</summary>
internal sealed class CaughtUpFeed(IChangeFeed feed) : IChangeFeed
{
    private readonly TaskCompletionSource _caughtUp = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task CaughtUp => _caughtUp.Task;

    public string Name => feed.Name;

    public bool IsTotallyOrdered => feed.IsTotallyOrdered;

    public bool TruncateIsEmptySnapshot => feed.TruncateIsEmptySnapshot;

    public Task<IReadOnlyList<FeedPartition>> PartitionsAsync(CancellationToken cancellationToken) => feed.PartitionsAsync(cancellationToken);

    public async IAsyncEnumerable<FeedBatch> ReadAsync(IReadOnlyDictionary<FeedPartition, long> from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var batch in feed.ReadAsync(from, cancellationToken))
        {
            yield return batch;
            // The reader asks for the next batch only after it has taken this one.
            if (batch.EndsReached.Count > 0)
            {
                _caughtUp.TrySetResult();
            }
        }

        _caughtUp.TrySetResult();
    }

    public Task CommitAsync(IReadOnlyDictionary<FeedPartition, long> next, CancellationToken cancellationToken) => feed.CommitAsync(next, cancellationToken);
}
