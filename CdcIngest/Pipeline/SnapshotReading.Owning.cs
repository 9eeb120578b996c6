using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Pipeline;

// A pipeline that owns one partition of several: it learns from the feed's grain what other partitions have brought of a snapshot.
internal sealed partial class SnapshotReading
{
    /// <summary>Commit times are cut to the second by some sources.</summary>
    private static readonly TimeSpan s_clockTolerance = TimeSpan.FromSeconds(2);

    private DateTimeOffset? _takenAt = stored.SnapshotAt;

    /// <summary>When it was learnt, by the feed's clock, that the snapshot began or that its last row was read. Ends from before that show nothing.</summary>
    private DateTimeOffset _learntAt = DateTimeOffset.MinValue;
    private bool _isUnheard = true;

    /// <summary>When the partition was at its end after the newest row of the snapshot; null: not yet, or no snapshot is being read.</summary>
    public DateTimeOffset? QuietSince { get; private set; }

    /// <summary>The rows of the snapshot say which of them is the last.</summary>
    public bool MarksItsRows => _marksItsRows;

    /// <summary>Takes over what the feed's grain has decided since.</summary>
    public async ValueTask AdoptAsync(FeedProgress progress, PartitionOrder partition)
    {
        if (progress.Snapshot == Progress && (_lastWasSeen || progress.LastSnapshotRow is null))
        {
            return;
        }

        if (progress.Snapshot.Generation > Generation)
        {
            // What was read before belongs to the generation before.
            await dispatcher.DrainAsync();
        }

        Adopt(progress);
        if (!Progress.IsBuilding || _source is not { } taken || partition.Newest is not { } newest)
        {
            return;
        }

        if (newest.IsAfter(taken) && IsFromBefore(partition))
        {
            // By the log it lies after the snapshot, and by the clock before.
            await owned!.Coordinator.LogWasResetAsync(Generation);
        }
        else if (newest.IsAfter(taken) && partition.SawLiveChange)
        {
            await OnLiveChangeAsync(partition);
        }
    }

    /// <summary>The partition was read to where it ended at a time.</summary>
    public async ValueTask OnCaughtUpAsync(FeedPartition partition, DateTimeOffset at)
    {
        if (!Progress.IsBuilding)
        {
            return;
        }

        if (_isUnheard)
        {
            // The first end after the news may have been seen before it.
            _isUnheard = false;
            _learntAt = at;
            return;
        }

        if (at <= _learntAt || !_building.Contains(partition))
        {
            return;
        }

        if (QuietSince is null)
        {
            await dispatcher.DrainAsync();
            QuietSince = at;
        }

        await OnEndReachedAsync(partition);
    }

    private async ValueTask OnOwnRowAsync(DecodedMessage.Row row, Delivery delivery, PartitionOrder partition)
    {
        QuietSince = null;
        if (partition.BeganAnotherOrder)
        {
            await owned!.Coordinator.LogWasResetAsync(Generation);
        }

        if (row.Snapshot == SnapshotMark.Last && Progress.IsBuilding)
        {
            // Other owners pass at their ends once they know this.
            await feedGrain.PassSnapshotAsync(Generation, [], delivery);
            _isUnheard = true;
        }
    }

    private void Adopt(FeedProgress progress)
    {
        if (progress.Snapshot.Generation < Generation)
        {
            return;
        }

        if (progress.Snapshot.Generation > Generation)
        {
            _building.Clear();
            _building.UnionWith(progress.Building.Where(partition => partition == owned!.Partition));
            _source = progress.Origin.Source;
            _takenAt = progress.Origin.At;
            _lastWasSeen = _marksItsRows = false;
            QuietSince = null;
            _isUnheard = true;
            LastRow = NewestRow = null;
        }

        if (progress.LastSnapshotRow is not null && !_lastWasSeen)
        {
            _lastWasSeen = true;
            _isUnheard = true;
        }

        Advance(progress.Snapshot);
        if (!Progress.IsBuilding)
        {
            _building.Clear();
            _lastWasSeen = false;
            QuietSince = null;
            LastRow = NewestRow = null;
        }
    }

    /// <summary>The partition has come to its place in the snapshot: it brought one of its rows, or a change from after it.</summary>
    private bool IsBehindSnapshot(PartitionOrder partition) =>
        _source is { } taken && partition.Newest is { } newest && (newest == taken || (newest.IsAfter(taken) && !IsFromBefore(partition)))
        || (_source is null && NewestRow is not null);

    private bool IsFromBefore(PartitionOrder partition) => _takenAt is { } taken && partition.NewestAt is { } newest && newest < taken - s_clockTolerance;
}
