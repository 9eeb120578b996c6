using System.Runtime.InteropServices;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Pipeline;

/// <summary>What waits for one desk, of one partition or of all, and the call that is under way. Guarded by its owner's lock.</summary>
internal sealed class DeskQueue(string desk, FeedPartition? partition)
{
    private readonly Queue<Entry> _waiting = new();
    private List<Entry> _calling = [];

    public string Desk { get; } = desk;

    /// <summary>Null where the feed is ordered across partitions.</summary>
    public FeedPartition? Partition { get; } = partition;

    public bool IsCalling { get; private set; }

    /// <summary>When the call under way was first made, by the time provider's timestamp.</summary>
    public long CalledAt { get; private set; }

    /// <summary>Calls that failed in a row.</summary>
    public int Failures { get; set; }

    /// <summary>The desk does not answer: its changes are counted apart, and neither a snapshot nor other desks wait for it.</summary>
    public bool IsStuck { get; set; }

    /// <summary>A snapshot was completed without it: an empty batch tells the desk, after the rows that it has yet to take.</summary>
    public bool MissedCompletion { get; set; }

    /// <summary>Changes without an answer.</summary>
    public int Count => _waiting.Count + _calling.Count;

    /// <summary>Their size in memory, roughly.</summary>
    public long Bytes { get; private set; }

    /// <summary>When the oldest of them was read; null where none waits.</summary>
    public DateTimeOffset? Since => _calling.Count > 0 ? _calling[0].ReadAt : _waiting.TryPeek(out var next) ? next.ReadAt : null;

    /// <summary>A sample of where they come from.</summary>
    public FeedPartition? PartitionOfOldest => _calling.Count > 0 ? _calling[0].Change.Delivery.FeedPartition : _waiting.TryPeek(out var next) ? next.Change.Delivery.FeedPartition : null;

    public void Add(Entry entry)
    {
        _waiting.Enqueue(entry);
        Bytes += entry.Bytes;
    }

    /// <summary>Begins the next call with what waits, up to a snapshot's begin or end, which is to be told between two calls.</summary>
    /// <returns>Empty when nothing is to be said.</returns>
    public List<Entry> Dequeue(int atMost, long now)
    {
        _calling = new List<Entry>(Math.Min(_waiting.Count, atMost));
        while (_waiting.TryPeek(out var next)
            && (_calling.Count == 0
                || (next.Snapshot == _calling[0].Snapshot && (_calling.Count < atMost || IsOfSameTransaction(_calling[^1], next)))))
        {
            _calling.Add(_waiting.Dequeue());
        }

        IsCalling = _calling.Count > 0 || MissedCompletion;
        CalledAt = now;
        return _calling;
    }

    /// <summary>The call was answered.</summary>
    public void Settle()
    {
        foreach (ref readonly var entry in CollectionsMarshal.AsSpan(_calling))
        {
            Bytes -= entry.Bytes;
        }

        _calling = [];
        Failures = 0;
    }

    private static bool IsOfSameTransaction(in Entry a, in Entry b) =>
        a.Change.TransactionId is not null && a.Change.TransactionId == b.Change.TransactionId;
}

/// <summary>A change on its way to a desk.</summary>
/// <param name="Snapshot">The feed's snapshots as they were when it was read.</param>
internal readonly record struct Entry(PositionChange Change, Watermark Mark, DateTimeOffset ReadAt, SnapshotProgress Snapshot)
{
    /// <summary>What a change takes beside its texts.</summary>
    private const int Fixed = 256;

    /// <summary>Roughly; the names of desk, trader and security are shared.</summary>
    public int Bytes => Fixed + (2 * ((Change.TransactionId?.Length ?? 0) + Change.PositionId.Length));
}
