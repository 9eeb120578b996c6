using System.Globalization;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Pipeline;

/// <summary>
/// The checkpoint of one partition, in a row of its own under the epoch of its owner. What concerns the whole topic comes from the feed's grain.
/// </summary>
internal sealed class PartitionCheckpointStore(
    IPartitionCheckpoints rows, IFeedGrain feedGrain, FeedPartition partition, TimeProvider clock) : ICheckpointStore
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(2);

    /// <summary>The number of this owner; 0 before it has opened the partition.</summary>
    public long Epoch { get; private set; }

    /// <summary>What the previous owner stored; null: nothing.</summary>
    public PartitionCheckpoint? Stored { get; private set; }

    /// <summary>
    /// The topic that is read, which goes into every checkpoint. The topic that has the name now may be another one already: with its identity, the offsets of
    /// the old one would pass for its own.
    /// </summary>
    public Func<TopicIdentity> Topic { get; set; } = () => new(null, 0);

    private string Row => partition.Partition.ToString(CultureInfo.InvariantCulture);

    /// <summary>Takes the partition over. Everything that its previous owner stored is known afterwards, and it can store nothing more.</summary>
    public async Task TakeOverAsync(CancellationToken cancellationToken)
    {
        var owned = await WithTimeoutAsync(token => rows.OpenAsync(partition.Topic, Row, token), cancellationToken);
        Epoch = owned.Epoch;
        Stored = owned.Checkpoint is { } bytes ? CheckpointCodec.Read(bytes.Span) : null;
    }

    public async Task<FeedRecord> OpenAsync(CancellationToken cancellationToken)
    {
        var feed = await feedGrain.OpenAsync();
        return feed with
        {
            Partitions = Stored is null ? [] : [Stored.Progress],
            AppliedThrough = Stored?.AppliedThrough,
            TombstonesAccompanyDeletes = Stored?.TombstonesAccompanyDeletes,
            Deleted = Stored?.Deleted ?? [],
            DeletesForgotten = Stored?.DeletesForgotten,
        };
    }

    public Task<bool> StoreAsync(FeedCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        var progress = checkpoint.Partitions.FirstOrDefault(known => known.Partition == partition);
        if (progress is null)
        {
            return Task.FromResult(true);
        }

        var (id, partitions) = Topic();
        var bytes = CheckpointCodec.Write(new PartitionCheckpoint(
            progress, checkpoint.AppliedThrough, checkpoint.TombstonesAccompanyDeletes, checkpoint.Deleted ?? [], checkpoint.DeletesForgotten, id, partitions));
        return WithTimeoutAsync(token => rows.StoreAsync(partition.Topic, Row, Epoch, bytes, token), cancellationToken);
    }

    private async Task<T> WithTimeoutAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(s_timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            // A write that has begun ends in its own time. Nobody needs to wait for it: if it is done late, the epoch refuses it once another owner has the
            // row, and a late take-over costs an epoch.
            return await call(either.Token).WaitAsync(s_timeout, clock, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"the checkpoint's row did not answer within {s_timeout.TotalSeconds:0} s");
        }
    }
}

/// <summary>What tells a topic from another one of the same name.</summary>
/// <param name="Id">Null where the broker tells none.</param>
internal sealed record TopicIdentity(string? Id, int Partitions);
