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

    /// <summary>Positions that are unproven because a repeated tombstone may have deleted them.</summary>
    private readonly HashSet<string> _doubtfulDeletes = new(StringComparer.Ordinal);

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

        partition.HeldTombstones.Add((delivery, deleted.PositionId, partition.Newest));
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
            if (partition.HeldTombstones.Count > 0 && (!partition.LastWasRepeat || batch.ReadAt - partition.HeldSince >= options.SnapshotQuietPeriod))
            {
                await ApplyTombstonesAsync(partition, batch.ReadAt);
            }
        }
    }

    /// <summary>They are repeats.</summary>
    private async ValueTask DropTombstonesAsync(PartitionOrder partition)
    {
        _counts.Add("null", "repeat", partition.HeldTombstones.Count);
        foreach (var (_, positionId, _) in partition.HeldTombstones)
        {
            await ClearDoubtfulDeleteAsync(positionId);
        }

        partition.HeldTombstones.Clear();
    }

    /// <summary>
    /// A row shows what the tombstones were that were applied before it came: news, or the first messages of what a connector repeats. A position that such a one
    /// has deleted may have been created again since, and the row that did so is passed over as a repeat: then it is unproven.
    /// </summary>
    private async ValueTask SettleDeletesAsync(PartitionOrder partition, RowVerdict verdict, DateTimeOffset readAt)
    {
        foreach (var (positionId, desks) in verdict == RowVerdict.Repeat ? partition.UncertainDeletes : [])
        {
            if (positionId is not null)
            {
                _doubtfulDeletes.Add(positionId);
                _unprovenPositions.Add(positionId);
            }

            await MarkUnprovenAsync(new UnprovenMark(
                "a null value deleted a position before it was known that the connector repeats what it had sent: the position may have been created again since",
                positionId, desks, null, readAt));
        }

        partition.UncertainDeletes.Clear();
    }

    /// <summary>The delete of the position has been repeated after all that was sent before it: the position is gone.</summary>
    private async ValueTask ClearDoubtfulDeleteAsync(string positionId)
    {
        if (_doubtfulDeletes.Remove(positionId) && _unprovenPositions.Remove(positionId))
        {
            await feedGrain.ClearUnprovenAsync(positionId);
        }
    }

    /// <param name="next">The row that came after them; null where none did.</param>
    private async ValueTask ApplyTombstonesAsync(PartitionOrder partition, DateTimeOffset readAt, DecodedMessage.Row? next = null)
    {
        foreach (var (delivery, positionId, after) in partition.HeldTombstones)
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

            if (next is null && partition.RecognisesRepeats && _ownership.DesksOf(positionId) is { Count: > 0 } desks)
            {
                partition.AddUncertainDelete(positionId, desks);
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
        await MarkUnprovenAsync(new UnprovenMark(
            "a null value came in another partition than the newest row of its position, and nothing tells which of them is newer",
            positionId, _ownership.DesksOf(positionId), delivery, readAt));
        return true;
    }
}
