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

    /// <summary>By the feed's clock: an end that was asked for before this may be from before the snapshot began, or before its last row.</summary>
    private DateTimeOffset _endsCountAfter = DateTimeOffset.MinValue;
    private bool _ignoresNextEnd = true;

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

        if (_ignoresNextEnd)
        {
            // The first end after a change of the snapshot's state may have been asked for before it.
            _ignoresNextEnd = false;
            _endsCountAfter = at;
            return;
        }

        if (at <= _endsCountAfter || !_building.Contains(partition))
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
            _ignoresNextEnd = true;
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
            _ignoresNextEnd = true;
            LastRow = NewestRow = null;
        }

        if (progress.LastSnapshotRow is not null && !_lastWasSeen)
        {
            _lastWasSeen = true;
            _ignoresNextEnd = true;
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
