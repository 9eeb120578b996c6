using System.Diagnostics;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Pipeline;

/// <summary>
/// Changes of one desk, of one partition or of all, that the desk has not confirmed yet, oldest first. The first of them may be in a call.
/// Guarded by its owner's lock.
/// </summary>
internal sealed class DeskQueue(string desk, FeedPartition? partition, IDeskRiskGrain grain)
{
    /// <summary>How long the oldest change waits for others at the most, and how long it does if nothing tells when it was committed.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(2), s_usual = TimeSpan.FromMilliseconds(500);

    private readonly Queue<QueuedChange> _changes = new();

    /// <summary>How many of the oldest changes are in the current call. They stay in the queue until the desk confirms them.</summary>
    private int _inCall;

    public string Desk { get; } = desk;

    public IDeskRiskGrain Grain { get; } = grain;

    /// <summary>Null where the feed is ordered across partitions.</summary>
    public FeedPartition? Partition { get; } = partition;

    public bool IsCalling { get; private set; }

    /// <summary>The current call is one of those whose number is limited.</summary>
    public bool HasPermit { get; set; }

    /// <summary>When it began to wait for a call, as a timestamp of the time provider.</summary>
    public long WaitsSince { get; set; }

    /// <summary>
    /// How long the oldest change may wait for others: as long as it was late already when it was read. So changes that come in time are not held up, and the further a
    /// feed is behind, the larger are its calls.
    /// </summary>
    public TimeSpan Patience
    {
        get
        {
            if (!_changes.TryPeek(out var oldest) || oldest.Change.Time is not { } time)
            {
                return s_usual;
            }

            var lateness = oldest.Read.ReadAt - time.CommittedAt - (time.CommittedToSecond ? TimeSpan.FromSeconds(1) : TimeSpan.Zero);
            return lateness < s_longest ? lateness : s_longest;
        }
    }

    /// <summary>When the current call was first made, as a timestamp of the time provider.</summary>
    public long CalledAt { get; private set; }

    /// <summary>Calls that failed in a row.</summary>
    public int Failures { get; set; }

    /// <summary>The desk does not answer: its changes are counted apart, and neither a snapshot nor other desks wait for it.</summary>
    public bool IsStuck { get; set; }

    /// <summary>
    /// Set when a snapshot was completed while this desk was stuck: an empty batch reports the feed's snapshots to it, after the rows that it has
    /// yet to apply.
    /// </summary>
    public SnapshotProgress? MissedCompletion { get; set; }

    /// <summary>Changes that the desk has not confirmed.</summary>
    public int Count => _changes.Count;

    /// <summary>Their size in memory, roughly.</summary>
    public long Bytes { get; private set; }

    /// <summary>When the oldest of them was read; null where there is none.</summary>
    public DateTimeOffset? Since => _changes.TryPeek(out var oldest) ? oldest.Read.ReadAt : null;

    /// <summary>Where the oldest of them comes from; null where there is none.</summary>
    public FeedPartition? PartitionOfOldest => _changes.TryPeek(out var oldest) ? oldest.Change.Delivery.FeedPartition : null;

    public void Add(QueuedChange change)
    {
        _changes.Enqueue(change);
        Bytes += change.Bytes;
    }

    /// <summary>
    /// Begins the next call. Its changes were all read under one state of the feed's snapshots, because a desk must learn of a snapshot's begin or
    /// end between two calls.
    /// </summary>
    /// <param name="atMost">Changes in a call; a transaction is not cut for it.</param>
    /// <returns>Null when there is nothing to send.</returns>
    public DeskCall? BeginCall(int atMost, long now)
    {
        var hasChanges = _changes.TryPeek(out var first);
        IsCalling = hasChanges || MissedCompletion is not null;
        CalledAt = now;
        if (!hasChanges)
        {
            var call = MissedCompletion is { } missed ? new DeskCall([], missed, null) : null;
            MissedCompletion = null;
            return call;
        }

        var changes = new List<PositionChange>(Math.Min(_changes.Count, atMost));
        List<ActivityContext>? traces = null;
        foreach (var next in _changes)
        {
            var belongs = changes.Count == 0
                || ((ReferenceEquals(next.Read, first.Read) || next.Read.Snapshot == first.Read.Snapshot)
                    && (changes.Count < atMost || IsOfSameTransaction(changes[^1], next.Change)));
            if (!belongs)
            {
                break;
            }

            changes.Add(next.Change);
            if (next.Trace is { } trace)
            {
                (traces ??= []).Add(trace.Context);
            }
        }

        _inCall = changes.Count;
        return new DeskCall(changes, first.Read.Snapshot, first.Read.ReadAt, traces);
    }

    /// <summary>The desk has confirmed the current call.</summary>
    public void Confirm()
    {
        // Changes of one watermark lie together: it is counted down once for all of them.
        Watermark? watermark = null;
        var confirmed = 0;
        for (; _inCall > 0; _inCall--)
        {
            var change = _changes.Dequeue();
            Bytes -= change.Bytes;
            if (change.Read.Watermark != watermark)
            {
                watermark?.Confirm(confirmed);
                watermark = change.Read.Watermark;
                confirmed = 0;
            }

            confirmed++;
        }

        watermark?.Confirm(confirmed);
        IsCalling = false;
        Failures = 0;
    }

    private static bool IsOfSameTransaction(PositionChange a, PositionChange b) =>
        a.TransactionId is not null && a.TransactionId == b.TransactionId;
}

/// <summary>One call to a desk.</summary>
/// <param name="Snapshot">The feed's snapshots as they were when the changes were read.</param>
/// <param name="ReadAt">When the first of the changes was read; null where there are none.</param>
/// <param name="Traces">Of those changes that are traced; null: none is.</param>
internal sealed record DeskCall(IReadOnlyList<PositionChange> Changes, SnapshotProgress Snapshot, DateTimeOffset? ReadAt, IReadOnlyList<ActivityContext>? Traces = null);

/// <summary>A change on its way to a desk. Many of them wait at a time, so that what they have in common is kept once in <paramref name="Read"/>.</summary>
/// <param name="Bytes">Its size in memory, roughly.</param>
/// <param name="Trace">The activity in which it was read; null: it is not traced.</param>
internal readonly record struct QueuedChange(PositionChange Change, ReadState Read, int Bytes, Activity? Trace)
{
    /// <summary>What a change occupies beside its texts.</summary>
    private const int Fixed = 256;

    /// <remarks>The names of desk, trader and security are shared between changes, so that they are not counted.</remarks>
    public QueuedChange(PositionChange change, ReadState read)
        : this(change, read, Fixed + (2 * ((change.TransactionId?.Length ?? 0) + change.PositionId.Length)), IngestTracing.Reading)
    {
    }
}

/// <summary>What holds for all changes that were read together.</summary>
/// <param name="Snapshot">The feed's snapshots at that time.</param>
internal sealed record ReadState(Watermark Watermark, DateTimeOffset ReadAt, SnapshotProgress Snapshot);
