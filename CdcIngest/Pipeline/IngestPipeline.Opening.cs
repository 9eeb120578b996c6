using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Pipeline;

// A run goes on from what the last one stored.
internal sealed partial class IngestPipeline
{
    private async Task<IReadOnlyDictionary<FeedPartition, long>> OpenAsync(CancellationTokenSource run)
    {
        var stopping = run.Token;
        ICheckpointStore store = owned is null ? new FeedGrainCheckpoints(feedGrain) : owned.Checkpoints;
        _dispatcher = new DeskDispatcher(feed.Name, feed.IsTotallyOrdered, desks, options, metrics, clock, logger, stopping);
        _checkpoints = new Checkpoints(store, feed, options.CheckpointInterval, clock, logger, stopping) { Applied = metrics.OnApplied };
        _checkpoints.Refused = () =>
        {
            _isRefused = true;
            run.Cancel();
        };
        _dispatcher.Answered = _checkpoints.Signal;
        _dispatcher.SetAside = SetAsideAsync;

        var record = await store.OpenAsync(stopping);
        foreach (var partition in record.Partitions)
        {
            _partitions[partition.Partition] = new PartitionOrder(partition);
        }

        _ownership.Resume(record);
        _appliedThrough = record.AppliedThrough;
        _tombstonesFollowDeletes = record.TombstonesAccompanyDeletes;
        _unprovenPositions.UnionWith(record.Unproven.Where(mark => mark.PositionId is not null).Select(mark => mark.PositionId!));
        ResumeDoubtfulDeletes(record);
        await LoadPositionsAsync(stopping);
        _dispatcher.FeedState = record.Snapshot.IsBuilding ? FeedState.Building : record.Unproven.Any(mark => mark.Desks.Count == 0) ? FeedState.Unproven : FeedState.Live;
        _dispatcher.DoubtfulDesks = record.Unproven.SelectMany(mark => mark.Desks).ToHashSet(StringComparer.Ordinal);
        _allPartitions = owned is null ? await feed.PartitionsAsync(stopping) : [owned.Partition];
        _generation = record.Snapshot.Generation;
        _snapshot = new SnapshotReading(feedGrain, feed, _dispatcher, options.SnapshotQuietPeriod, record, owned);
        await _snapshot.ResumeAsync();
        _liveness = new PartitionLiveness(feed, clock.GetUtcNow(), _allPartitions, metrics);
        BeginOwning(record);
        LogOpened(feed.Name, _ownership.Count, record.Partitions.Where(partition => partition.Partition.Partition >= 0).Sum(partition => partition.NextOffset));
        return record.Partitions.ToDictionary(partition => partition.Partition, partition => partition.NextOffset);
    }

    private async Task LoadPositionsAsync(CancellationToken stopping)
    {
        if (owned is not null)
        {
            await owned.Positions.ReadAsync(stopping);
            _ownership.Share(owned.Positions);
            return;
        }

        await foreach (var held in directory.LoadAsync(stopping))
        {
            _ownership.Load(held);
        }
    }
}
