using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Pipeline;

/// <summary>
/// Tells news from repeats within one partition. A connector that restarts sends old changes again at new offsets; within a partition one
/// server's changes come in the order of its log, so what lies before the newest is a repeat.
/// </summary>
internal sealed class PartitionOrder(FeedPartition partition)
{
    /// <summary>A repeat is never younger than what came before it; a commit time later by more than this belongs to another order.</summary>
    private static readonly TimeSpan ClearlyNewer = TimeSpan.FromSeconds(2);

    private SourcePosition? _newest;
    private DateTimeOffset? _newestAt;

    public PartitionOrder(PartitionRecord stored)
        : this(stored.Partition)
    {
        NextOffset = stored.NextOffset;
        _newest = stored.Newest;
        _newestAt = stored.NewestAt;
        LastWasRepeat = stored.LastWasRepeat;
        SawLiveChange = stored.SawLiveChange;
    }

    public FeedPartition Partition => partition;

    /// <summary>The first offset not handled.</summary>
    public long NextOffset { get; set; }

    public bool LastWasRepeat { get; private set; }

    public bool SawLiveChange { get; set; }

    /// <summary>The form carries source positions, so repeats can be told.</summary>
    public bool TellsRepeats => _newest is not null;

    /// <summary>Nulls whose meaning the next row decides, oldest first.</summary>
    public List<(Delivery Delivery, string PositionId)> HeldNulls { get; } = [];

    /// <summary>When the first of them was read.</summary>
    public DateTimeOffset HeldSince { get; set; }

    public RowVerdict Judge(DecodedMessage.Row row, SourcePosition? lastOfPosition)
    {
        var verdict = Compare(row, lastOfPosition);
        LastWasRepeat = verdict == RowVerdict.Repeat;
        if (verdict == RowVerdict.News && row.Source is not null)
        {
            var beginsAnotherOrder = _newest is { } newest && !(row.Source == newest || row.Source.Value.IsAfter(newest));
            _newest = row.Source;

            // Clocks do not follow the log strictly: a long statement is logged late and bears the time of its start.
            if (beginsAnotherOrder || _newestAt is null || row.Time?.CommittedAt > _newestAt)
            {
                _newestAt = row.Time?.CommittedAt ?? _newestAt;
            }
        }

        return verdict;
    }

    /// <summary>How far the partition is, held nulls not counted.</summary>
    public PartitionRecord Record() => new(
        partition,
        HeldNulls.Count > 0 ? HeldNulls[0].Delivery.Offset : NextOffset,
        _newest,
        _newestAt,
        LastWasRepeat,
        SawLiveChange);

    private RowVerdict Compare(DecodedMessage.Row row, SourcePosition? lastOfPosition)
    {
        if (row.Source is not { } source || _newest is not { } newest || source.IsAfter(newest))
        {
            return RowVerdict.News;
        }

        var isSnapshotRow = row.Snapshot is SnapshotMark.First or SnapshotMark.Within or SnapshotMark.Last;
        if (!source.IsOfSameLogAs(newest))
        {
            // Another log: a failover. Only a snapshot may begin a new order.
            return isSnapshotRow ? RowVerdict.News : RowVerdict.AnotherOrder;
        }

        if (source == newest)
        {
            // Several rows can share a position (a statement's rows, the two halves of a primary-key change), but not twice the same one.
            return row.Snapshot == SnapshotMark.None && lastOfPosition == source ? RowVerdict.Repeat : RowVerdict.News;
        }

        var isClearlyNewer = row.Time?.CommittedAt > _newestAt + ClearlyNewer;
        return !isClearlyNewer ? RowVerdict.Repeat
            : isSnapshotRow ? RowVerdict.News
            : RowVerdict.AnotherOrder;
    }
}

/// <summary>What a row is, by its place in the source's log.</summary>
internal enum RowVerdict
{
    News,

    /// <summary>It was seen before: skipped and counted.</summary>
    Repeat,

    /// <summary>It lies before the newest and is clearly younger (<c>RESET MASTER</c>, a failover): not to be skipped in silence.</summary>
    AnotherOrder,
}
