using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Pipeline;

// A connector repeats what it had sent, and nulls may have been its first messages: their positions are put right from what it repeats.
internal sealed partial class IngestPipeline
{
    private const string NullBeforeRepeats =
        "a null value deleted a position before it was known that the connector repeats what it had sent: the position may have been created again since";

    /// <summary>Positions that are unproven because a repeated tombstone may have deleted them, and for no other reason.</summary>
    private readonly HashSet<string> _doubtfulDeletes = new(StringComparer.Ordinal);

    private void ResumeDoubtfulDeletes(FeedRecord record)
    {
        foreach (var marks in record.Unproven.Where(mark => mark.PositionId is not null).GroupBy(mark => mark.PositionId!, StringComparer.Ordinal))
        {
            if (marks.All(mark => mark.Reason == NullBeforeRepeats))
            {
                _doubtfulDeletes.Add(marks.Key);
            }
        }
    }

    /// <summary>
    /// The source position of the last row of a position, by which a row of the newest source position is new or a repeat. After doubtful nulls what an earlier
    /// owner has read counts, too: taken for news, it would end the repeated run before its last nulls have come.
    /// </summary>
    private SourcePosition? LastOf(DecodedMessage.Row row, PartitionOrder partition) =>
        partition.Run is null && partition.UncertainDeletes.Count == 0 ? _ownership.LastOf(row.PositionId) : _ownership.HeldAt(row.PositionId).Source;

    private async ValueTask OnRepeatAsync(DecodedMessage.Row row, Delivery delivery, PartitionOrder partition, DateTimeOffset readAt)
    {
        List<UncertainDelete>? before = null;
        if (partition.HeldTombstones.Count > 0)
        {
            // They are repeats.
            _counts.Add("null", "repeat", partition.HeldTombstones.Count);
            foreach (var (held, positionId, _, afterRepeat) in partition.HeldTombstones)
            {
                if (afterRepeat is null && partition.Run is null)
                {
                    // They came first, and the owner before this one may have applied them.
                    (before ??= []).Add(new UncertainDelete(positionId, []));
                }

                partition.Run?.OnNull(positionId, held, afterRepeat);
                await ClearDoubtfulDeleteAsync(positionId);
            }

            partition.HeldTombstones.Clear();
        }

        if (partition.UncertainDeletes.Count > 0)
        {
            await EndRunAsync(partition, readAt, isWhole: false);
            await DoubtDeletesAsync(partition.UncertainDeletes, readAt);
            (before ??= []).InsertRange(0, partition.UncertainDeletes);
            partition.ForgetUncertainDeletes();
        }

        if (before is not null)
        {
            partition.Run = new RepeatedRun(delivery.Offset, before, readAt);
        }

        partition.Run?.OnRow(row, delivery, readAt);
    }

    private async ValueTask DoubtDeletesAsync(IReadOnlyList<UncertainDelete> deletes, DateTimeOffset readAt)
    {
        foreach (var (positionId, desks) in deletes.Where(deleted => deleted.Desks.Count > 0))
        {
            if (positionId is not null && _unprovenPositions.Add(positionId))
            {
                _doubtfulDeletes.Add(positionId);
            }

            await MarkUnprovenAsync(new UnprovenMark(NullBeforeRepeats, positionId, desks, null, readAt));
        }
    }

    /// <summary>
    /// Puts the positions right that the nulls before a repeated run may have deleted. What a desk holds is older than what the run brought last, or that desk
    /// has it already: the source's log decides.
    /// </summary>
    /// <param name="isWhole">News have come, or the run came to the newest row: nothing of it is missing.</param>
    private async ValueTask EndRunAsync(PartitionOrder partition, DateTimeOffset readAt, bool isWhole)
    {
        if (partition.Run is not { } run)
        {
            return;
        }

        partition.Run = null;
        foreach (var (delivery, positionId, _, afterRepeat) in partition.HeldTombstones)
        {
            // A row that they delete again is not to be shown for a moment.
            run.OnNull(positionId, delivery, afterRepeat);
        }

        foreach (var state in run.States)
        {
            var (isHeld, held) = _ownership.HeldAt(state.PositionId);
            if (state.Row is { } row)
            {
                if (!_snapshot.IsOlderThanSnapshot(row) && (!isHeld || (held is { } known && row.Source is { } source && source.IsAfter(known))))
                {
                    Route(row.PositionId, row.After, row.BeforeDesk, row.Source, row.TransactionId, row.Time, state.Delivery, partition, readAt, row.Origin);
                }
            }
            else if (held is { } known && state.Source is { } atLeast && known.IsOfSameLogAs(atLeast) && !known.IsAfter(atLeast))
            {
                Route(state.PositionId, null, null, null, null, null, state.Delivery, partition, readAt);
            }
        }

        if (isWhole && run.Positions.Any(_doubtfulDeletes.Contains))
        {
            await _dispatcher.DrainAsync();
            foreach (var positionId in run.Positions)
            {
                await ClearDoubtfulDeleteAsync(positionId);
            }
        }
    }

    /// <summary>News have come: the nulls before them were deletes.</summary>
    private async ValueTask ForgetUncertainDeletesAsync(PartitionOrder partition)
    {
        foreach (var positionId in partition.UncertainDeletes.Select(deleted => deleted.PositionId).OfType<string>())
        {
            await ClearDoubtfulDeleteAsync(positionId);
        }

        partition.ForgetUncertainDeletes();
    }

    private async ValueTask ClearDoubtfulDeleteAsync(string positionId)
    {
        if (_doubtfulDeletes.Remove(positionId) && _unprovenPositions.Remove(positionId))
        {
            await feedGrain.ClearUnprovenAsync(positionId);
        }
    }
}
