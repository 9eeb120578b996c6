using System.Runtime.CompilerServices;
using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Host;

/// <summary>A feed that tells when its reader has, for the first time, taken in everything that there was.</summary>
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
            // Here the reader has come back for more.
            if (batch.EndsReached.Count > 0)
            {
                _caughtUp.TrySetResult();
            }
        }

        _caughtUp.TrySetResult();
    }

    public Task CommitAsync(IReadOnlyDictionary<FeedPartition, long> next, CancellationToken cancellationToken) => feed.CommitAsync(next, cancellationToken);
}
