using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Pipeline;

// A message without a value is a delete in some forms, and follows a delete in others. It has no source position, so its age is known only from the
// next row of its partition; until then it is held.
internal sealed partial class IngestPipeline
{
    /// <summary>Topics in which tombstones were applied as deletes.</summary>
    private readonly HashSet<string> _topicsWithAppliedTombstones = new(StringComparer.Ordinal);

    /// <summary>True: tombstones only follow deletes. False: they are deletes. Null: no row has shown it yet.</summary>
    private bool? _tombstonesFollowDeletes;

    private async ValueTask ApplyTombstoneAsync(DecodedMessage.Tombstone deleted, Delivery delivery, PartitionOrder partition, DateTimeOffset readAt)
    {
        if (_tombstonesFollowDeletes == true)
        {
            _counts.Add("null", "companion");
            return;
        }

        if (partition.HeldTombstones.Count == 0)
        {
            partition.HeldSince = readAt;
        }

        partition.HeldTombstones.Add((delivery, deleted.PositionId, partition.Newest, partition.LastRepeat));
        if (_tombstonesFollowDeletes == false && !partition.RecognisesRepeats)
        {
            // The form has no source positions, so the next row would not show whether this is a repeat.
            await ApplyTombstonesAsync(partition, readAt);
        }
    }

    /// <summary>
    /// At the end of a batch a tombstone is a delete. If repeats came before it, it may be a repeat, too: then it is held until the partition's next
    /// row, or until none has come for the quiet period.
    /// </summary>
    private async ValueTask SettleTombstonesAsync(FeedBatch batch)
    {
        foreach (var partition in _partitions.Values)
        {
            if (partition.Run is { } run && batch.ReadAt - run.ReadAt >= options.SnapshotQuietPeriod)
            {
                await EndRunAsync(partition, batch.ReadAt, isWhole: partition.LastRepeat == partition.Newest);
            }

            if (partition.HeldTombstones.Count > 0 && (!partition.LastWasRepeat || batch.ReadAt - partition.HeldSince >= options.SnapshotQuietPeriod))
            {
                await ApplyTombstonesAsync(partition, batch.ReadAt);
            }
        }
    }

    /// <param name="next">The row that came after them; null where none did.</param>
    private async ValueTask ApplyTombstonesAsync(PartitionOrder partition, DateTimeOffset readAt, DecodedMessage.Row? next = null)
    {
        if (next is null)
        {
            // What came before them goes to the desks before them.
            await EndRunAsync(partition, readAt, isWhole: false);
        }

        foreach (var (delivery, positionId, after, _) in partition.HeldTombstones)
        {
            if (_tombstonesFollowDeletes == true)
            {
                _counts.Add("null", "companion");
                continue;
            }

            await _snapshot.OnLiveChangeAsync(partition);
            if (await IsSupersededAsync(positionId, after, next, partition, delivery, readAt))
            {
                _counts.Add("null", "superseded");
                continue;
            }

            if (next is null && partition.RecognisesRepeats)
            {
                // Also where nobody holds the position: the owner before this one may have applied the null, and stored nothing more.
                partition.AddUncertainDelete(positionId, _ownership.DesksOf(positionId));
            }

            await ClearDoubtfulDeleteAsync(positionId);
            Route(positionId, null, null, null, null, null, delivery, partition, readAt);
            if (after is { } atLeast)
            {
                _ownership.Deleted.Add(positionId, atLeast, _snapshot.Generation);
            }

            _topicsWithAppliedTombstones.Add(delivery.Topic);
            _counts.Add("null", "applied");
        }

        partition.HeldTombstones.Clear();
    }

    /// <summary>
    /// Whether a newer row of a tombstone's position came in another partition. The tombstone's source position is only known to lie between those of
    /// the rows around it.
    /// </summary>
    private async ValueTask<bool> IsSupersededAsync(
        string positionId, SourcePosition? after, DecodedMessage.Row? next, PartitionOrder partition, Delivery delivery, DateTimeOffset readAt)
    {
        var newest = _ownership.NewestOf(positionId, partition.Partition, _snapshot.Generation);
        if (newest is null)
        {
            if (partition.Newest is null && _ownership.CameInAnotherPartition(positionId, partition.Partition))
            {
                await ReportDoubtfulOrderAsync(readAt);
            }

            return false;
        }

        if (after is { } atLeast && !atLeast.IsBefore(newest.Value))
        {
            return false;
        }

        if (next?.Source is { } atMost && atMost.IsBefore(newest.Value))
        {
            return true;
        }

        _unprovenPositions.Add(positionId);
        _doubtfulDeletes.Remove(positionId);
        await MarkUnprovenAsync(new UnprovenMark(
            "a null value came in another partition than the newest row of its position, and nothing tells which of them is newer",
            positionId, _ownership.DesksOf(positionId), delivery, readAt));
        return true;
    }
}
