using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Pipeline;

/// <summary>
/// Positions deleted so lately that an older row of theirs may still come in another partition. A delete that every partition has passed is
/// forgotten: what is older would be a repeat there.
/// </summary>
internal sealed class DeletedPositions
{
    private const int Kept = 200_000;
    private const int Stored = 1_000;

    private readonly Dictionary<string, DeletedPosition> _deleted = new(StringComparer.Ordinal);
    private readonly Queue<DeletedPosition> _oldestFirst = [];
    private IReadOnlyList<DeletedPosition>? _record;

    /// <summary>The newest delete for which the record has no room.</summary>
    private SourcePosition? _unstored;

    public DeletedPositions(IReadOnlyList<DeletedPosition> stored, SourcePosition? forgotten)
    {
        Forgotten = forgotten;
        foreach (var position in stored)
        {
            _deleted[position.PositionId] = position;
            _oldestFirst.Enqueue(position);
        }

        _record = stored;
    }

    /// <summary>Deletes up to here may be unknown; null: all are known.</summary>
    public SourcePosition? Forgotten { get; private set; }

    public bool IsEmpty => _oldestFirst.Count == 0;

    public SourcePosition? Find(string positionId, int generation) =>
        _deleted.Count > 0 && _deleted.TryGetValue(positionId, out var deleted) && deleted.Generation == generation ? deleted.Source : null;

    public void Add(string positionId, SourcePosition source, int generation)
    {
        var deleted = new DeletedPosition(positionId, source, generation);
        _deleted[positionId] = deleted;
        _oldestFirst.Enqueue(deleted);
        _record = null;
        while (_oldestFirst.Count > Kept)
        {
            Forget();
        }
    }

    /// <summary>The position exists again.</summary>
    public void Remove(string positionId)
    {
        // Its entry in the queue is no longer current, and leaves the queue in its turn.
        _record = _deleted.Count > 0 && _deleted.Remove(positionId) ? null : _record;
    }

    /// <summary>Forgets what lies before the newest of every partition.</summary>
    /// <param name="newest">Null for a partition that has none yet.</param>
    public void ForgetBefore(IEnumerable<SourcePosition?> newest)
    {
        if (IsEmpty)
        {
            return;
        }

        var all = newest.ToList();
        while (_oldestFirst.TryPeek(out var oldest) && all.Count > 0 && all.TrueForAll(one => one is { } passed && passed.IsOfSameLogAs(oldest.Source) && !oldest.Source.IsAfter(passed)))
        {
            Forget();
        }
    }

    /// <summary>Another order of the log has begun, with which older source positions cannot be compared.</summary>
    public void Clear()
    {
        _deleted.Clear();
        _oldestFirst.Clear();
        Forgotten = null;
        _record = null;
    }

    /// <summary>What is stored with the offsets; the same list while nothing changed.</summary>
    public (IReadOnlyList<DeletedPosition> Deleted, SourcePosition? Forgotten) Record()
    {
        if (_record is null)
        {
            var current = _oldestFirst.Where(IsCurrent).ToList();
            _record = current.Count <= Stored ? current : current[^Stored..];
            _unstored = current.Count <= Stored ? null : current[^(Stored + 1)].Source;
        }

        return (_record, Later(Forgotten, _unstored));
    }

    private void Forget()
    {
        var oldest = _oldestFirst.Dequeue();
        if (IsCurrent(oldest))
        {
            _deleted.Remove(oldest.PositionId);
            Forgotten = Later(Forgotten, oldest.Source);
            _record = null;
        }
    }

    private bool IsCurrent(DeletedPosition deleted) => _deleted.TryGetValue(deleted.PositionId, out var current) && ReferenceEquals(current, deleted);

    private static SourcePosition? Later(SourcePosition? a, SourcePosition? b) => a is null || (b is { } later && later.IsAfter(a.Value)) ? b : a;
}
