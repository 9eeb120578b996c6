using System.Globalization;
using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Pipeline;

/// <summary>
/// Distinguishes new changes from repeats within one partition. A connector that restarts sends old changes again at new offsets; within a partition one
/// server's changes come in the order of its log, so what lies before the newest is a repeat.
/// </summary>
internal sealed class PartitionOrder(FeedPartition partition)
{
    /// <summary>A repeat is never younger than what came before it; a commit time later by more than this belongs to another order.</summary>
    private static readonly TimeSpan s_clearlyNewer = TimeSpan.FromSeconds(2);

    private const int MostUncertain = 100;

    private readonly List<UncertainDelete> _uncertainDeletes = [];

    /// <summary>The list as it is stored; the same one while nothing changed.</summary>
    private IReadOnlyList<UncertainDelete>? _uncertainRecord;
    private SeenMessages _seen = new(knownFrom: 0);
    private DateTimeOffset? _newestAt;
    private string? _topicForDesks;
    private int _incarnation;

    public PartitionOrder(PartitionRecord stored)
        : this(stored.Partition)
    {
        NextOffset = stored.NextOffset;
        Newest = stored.Newest;
        _newestAt = stored.NewestAt;
        LastWasRepeat = stored.LastWasRepeat;
        SawLiveChange = stored.SawLiveChange;

        // A version that kept no fingerprints stored none: nothing of what was read is known then.
        _seen = stored.LastOffset < 0 ? new SeenMessages(stored.NextOffset) : new SeenMessages(stored.LastOffset, stored.LastFingerprint);
        Incarnation = stored.Incarnation;
        _uncertainDeletes.AddRange(stored.UncertainDeletes ?? []);
    }

    public FeedPartition Partition => partition;

    /// <summary>The first offset not handled.</summary>
    public long NextOffset { get; set; }

    public bool LastWasRepeat { get; private set; }

    public bool SawLiveChange { get; set; }

    /// <summary>The form carries source positions, so repeats can be recognised.</summary>
    public bool RecognisesRepeats => Newest is not null;

    /// <summary>The newest source position that was new in this partition; null in forms without.</summary>
    public SourcePosition? Newest { get; private set; }

    /// <summary>Its commit time; null where the form carries none.</summary>
    public DateTimeOffset? NewestAt => _newestAt;

    /// <summary>The last new row did not lie after the newest before it: the log was reset, or it is another server's.</summary>
    public bool BeganAnotherOrder { get; private set; }

    /// <summary>The first message that was passed over because its offset is an old one, while nothing shows that it is the old message. Null: none.</summary>
    public Delivery? FirstUnexplainedRepeat { get; set; }

    /// <summary>
    /// Tombstones whose meaning the next row decides, oldest first. <c>After</c> is the newest source position when they came; <c>AfterRepeat</c> that of the
    /// repeat before them, where a repeat came last.
    /// </summary>
    public List<(Delivery Delivery, string PositionId, SourcePosition? After, SourcePosition? AfterRepeat)> HeldTombstones { get; } = [];

    /// <summary>What a connector repeats, as far as a null before it may have deleted what it brings again. Null: it repeats nothing of that kind.</summary>
    public RepeatedRun? Run { get; set; }

    /// <summary>The source position of the last row, if it was a repeat.</summary>
    public SourcePosition? LastRepeat { get; private set; }

    /// <summary>When the first of them was read.</summary>
    public DateTimeOffset HeldSince { get; set; }

    /// <summary>
    /// Nulls that were applied while nothing came after them, until the next row shows whether they were of those that a connector repeats. They are stored
    /// with the offsets, because that row may come to the next owner.
    /// </summary>
    public IReadOnlyList<UncertainDelete> UncertainDeletes => _uncertainDeletes;

    public void AddUncertainDelete(string positionId, IReadOnlyList<string> desks)
    {
        _uncertainRecord = null;
        _uncertainDeletes.Add(new UncertainDelete(positionId, desks));
        if (_uncertainDeletes.Count > MostUncertain)
        {
            // Too many to name. Their desks are known.
            IReadOnlyList<string> ofAll = [.. _uncertainDeletes.SelectMany(deleted => deleted.Desks).Distinct(StringComparer.Ordinal)];
            _uncertainDeletes.Clear();
            _uncertainDeletes.Add(new UncertainDelete(null, ofAll));
        }
    }

    public void ForgetUncertainDeletes()
    {
        _uncertainRecord = null;
        _uncertainDeletes.Clear();
    }

    private int Incarnation
    {
        get => _incarnation;
        set
        {
            _incarnation = value;

            // No topic can have such a name.
            _topicForDesks = value == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{partition.Topic}#{value + 1}");
        }
    }

    /// <summary>
    /// The delivery that desks get. They skip offsets that they have, so a re-created topic needs a name of its own.
    /// </summary>
    public Delivery ForDesks(Delivery delivery) => _topicForDesks is null ? delivery : delivery with { Topic = _topicForDesks };

    /// <summary>The message was read; the next one follows it.</summary>
    public void Pass(long offset, long fingerprint)
    {
        NextOffset = offset + 1;
        if (offset > _seen.LastOffset)
        {
            _seen.Add(offset, fingerprint);
        }
        else if (_seen.IsTheSame(offset, fingerprint) == true)
        {
            // The run began at a held tombstone: the messages after it are known.
            FirstUnexplainedRepeat = null;
        }
    }

    /// <inheritdoc cref="SeenMessages.IsTheSame"/>
    public bool? WasRead(long offset, long fingerprint) => _seen.IsTheSame(offset, fingerprint);

    /// <summary>The topic was re-created under its name, and this is the first offset of it that was seen.</summary>
    public void Restart(long offset)
    {
        Incarnation++;
        NextOffset = offset;
        FirstUnexplainedRepeat = null;
        _seen = new SeenMessages(knownFrom: offset);
    }

    /// <summary>
    /// Another topic has the name, and how new its messages are says nothing of which were read: an ingest may have read on in it at an offset of the old one.
    /// Each position is judged on its own then.
    /// </summary>
    public void ForgetOrder()
    {
        Newest = null;
        _newestAt = null;
        LastWasRepeat = false;
        LastRepeat = null;
        Run = null;
        ForgetUncertainDeletes();
    }

    /// <summary>It lies after everything that was read here, by the source's log and by its clock.</summary>
    public bool IsCertainlyNewer(DecodedMessage.Row row) =>
        row.Source is { } source && Newest is { } newest && source.IsAfter(newest) && row.Time?.CommittedAt > _newestAt;

    /// <summary>It lies before the newest that was read here, by the source's log, and its clock does not say otherwise.</summary>
    public bool IsCertainlyOld(DecodedMessage.Row row, SourcePosition? lastOfPosition) =>
        row.Source is { } source && Newest is { } newest && !(row.Time?.CommittedAt > _newestAt + s_clearlyNewer)
        && (source.IsBefore(newest) || (source == newest && lastOfPosition == source));

    public RowVerdict Judge(DecodedMessage.Row row, SourcePosition? lastOfPosition)
    {
        var verdict = Compare(row, lastOfPosition);
        LastWasRepeat = verdict == RowVerdict.Repeat;
        LastRepeat = LastWasRepeat ? row.Source : null;
        BeganAnotherOrder = false;
        if (verdict == RowVerdict.New && row.Source is not null)
        {
            var beginsAnotherOrder = Newest is { } newest && !(row.Source == newest || row.Source.Value.IsAfter(newest));
            BeganAnotherOrder = beginsAnotherOrder;
            Newest = row.Source;

            // Clocks do not follow the log strictly: a long statement is logged late and bears the time of its start.
            if (beginsAnotherOrder || _newestAt is null || row.Time?.CommittedAt > _newestAt)
            {
                _newestAt = row.Time?.CommittedAt ?? _newestAt;
            }
        }

        return verdict;
    }

    /// <summary>How far the partition was read, held tombstones and what a connector repeats after doubtful nulls not counted.</summary>
    public PartitionRecord Record() => new(
        partition,
        Run is not null ? Run.BeganAt : HeldTombstones.Count > 0 ? HeldTombstones[0].Delivery.Offset : NextOffset,
        Newest,
        _newestAt,
        LastWasRepeat,
        SawLiveChange,
        _seen.LastOffset,
        _seen.LastFingerprint,
        _incarnation)
    {
        UncertainDeletes = Run is not null ? Run.BeganWith : _uncertainDeletes.Count == 0 ? null : _uncertainRecord ??= [.. _uncertainDeletes],
    };

    private RowVerdict Compare(DecodedMessage.Row row, SourcePosition? lastOfPosition)
    {
        if (row.Source is not { } source || Newest is not { } newest || source.IsAfter(newest))
        {
            return RowVerdict.New;
        }

        var isSnapshotRow = row.Snapshot is SnapshotMark.First or SnapshotMark.Within or SnapshotMark.Last;
        if (!source.IsOfSameLogAs(newest))
        {
            // Another log: a failover. Only a snapshot may begin a new order.
            return isSnapshotRow ? RowVerdict.New : RowVerdict.Reordered;
        }

        if (source == newest)
        {
            // Several rows can share a position (a statement's rows, the two halves of a primary-key change), but not twice the same one.
            return row.Snapshot == SnapshotMark.None && lastOfPosition == source ? RowVerdict.Repeat : RowVerdict.New;
        }

        var isClearlyNewer = row.Time?.CommittedAt > _newestAt + s_clearlyNewer;
        return !isClearlyNewer ? RowVerdict.Repeat
            : isSnapshotRow ? RowVerdict.New
            : RowVerdict.Reordered;
    }
}

/// <summary>What a row is, by its place in the source's log.</summary>
internal enum RowVerdict
{
    New,

    /// <summary>It was seen before: skipped and counted.</summary>
    Repeat,

    /// <summary>It lies before the newest and is clearly younger (<c>RESET MASTER</c>, a failover): not to be skipped in silence.</summary>
    Reordered,
}
