using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Pipeline;

/// <summary>
/// Which desks hold a position, as far as it was read, and how new what they hold is. What was loaded may be ahead of the offsets or behind them,
/// and a position may be held by several desks: all of them are desks of each change, and each skips what it has.
/// </summary>
/// <remarks>
/// Within a partition the order of the messages decides. Where a key has come in two partitions (partitions were added), the newest source position
/// does, whichever partition brought it; deletes are remembered for that, too.
/// </remarks>
internal sealed class PositionOwnership
{
    /// <summary>Null: a position of the shared ones that was deleted since.</summary>
    private readonly Dictionary<string, Holding?> _positions = new(StringComparer.Ordinal);
    private readonly Dictionary<FeedPartition, SourcePosition> _doneBefore = [];

    private SharedPositions? _shared;

    /// <summary>The last answer of <see cref="Find"/>: several questions about one position follow each other for each change.</summary>
    private string? _lastId;
    private Holding? _last;

    /// <summary>A topic that was made anew does not bring again what was loaded: older rows of a position are superseded by it.</summary>
    public bool LoadedIsDone { get; set; }

    /// <summary>How many were loaded.</summary>
    public int Count => _shared?.Current.Count ?? _positions.Count;

    /// <summary>What was deleted lately.</summary>
    public DeletedPositions Deleted { get; private set; } = new([], null);

    /// <summary>Notes what the last run had stored; before the positions are loaded.</summary>
    public void Resume(FeedRecord record)
    {
        Deleted = new DeletedPositions(record.Deleted, record.DeletesForgotten);
        foreach (var partition in record.Partitions)
        {
            if (partition.Newest is { } newest)
            {
                _doneBefore[partition.Partition] = newest;
            }
        }
    }

    /// <summary>Adds what a desk held when this run began; before the first change.</summary>
    public void Load(HeldBy held) => Holding.Add(_positions, held);

    /// <summary>Goes by what all partitions of the process share, wherever this run has moved nothing itself; before the first change.</summary>
    public void Share(SharedPositions positions) => _shared = positions;

    /// <summary>The source position of the last new row of a position in this run; null when there was none.</summary>
    public SourcePosition? LastOf(string positionId) => Find(positionId) is { Partition: not null } holding ? holding.Source : null;

    public IReadOnlyList<string> DesksOf(string positionId) => Find(positionId) is { } holding ? [holding.Desk, .. holding.Others] : [];

    /// <summary>The newest source position that is known of a position and can be compared with one of this partition now; null where there is none.</summary>
    public SourcePosition? NewestOf(string positionId, FeedPartition partition, int generation)
    {
        if (Find(positionId) is not { } holding)
        {
            return Deleted.Find(positionId, generation);
        }

        return holding.Source is { } source && holding.Generation == generation && (holding.Partition is not null || LoadedIsDone || IsDone(source, partition)) ? source : null;
    }

    /// <summary>Forms without source positions: the position has come in another partition in this run, so that it is unknown which is newer.</summary>
    public bool CameInAnotherPartition(string positionId, FeedPartition partition) =>
        Find(positionId)?.Partition is { } last && last != partition;

    /// <summary>Whether the row that is held under this id came from another database, in this run and after the newest snapshot began.</summary>
    public bool IsOfAnotherOrigin(string positionId, string? origin, int generation) =>
        origin is not null && Find(positionId) is { Origin: { } held } holding && holding.Generation == generation && held != origin;

    /// <summary>Notes where a position is now.</summary>
    /// <param name="desk">Null when it was deleted.</param>
    /// <param name="desks">Receives every other desk that may hold it and has to learn that it left.</param>
    public void Move(string positionId, string? desk, string? beforeDesk, SourcePosition? source, FeedPartition partition, int generation, List<string> desks, string? origin = null)
    {
        desks.Clear();
        if (beforeDesk is not null && beforeDesk != desk)
        {
            desks.Add(beforeDesk);
        }

        var holding = Find(positionId);
        if (holding is not null)
        {
            AddDesksConcerned(holding, desk, desks);
        }

        if (desk is null)
        {
            if (_shared?.Current.Find(positionId) is null)
            {
                _positions.Remove(positionId);
            }
            else
            {
                _positions[positionId] = null;
            }

            _last = null;

            if (source is { } at)
            {
                Deleted.Add(positionId, at, generation);
            }

            return;
        }

        Deleted.Remove(positionId);
        if (holding is null || (_shared is not null && holding.Partition is null))
        {
            // What was loaded belongs to all partitions.
            _positions[positionId] = _last = holding = new Holding(desk, source, generation);
        }

        holding.Desk = desk;
        holding.Others = [];
        holding.Source = source;
        holding.Generation = generation;
        holding.Partition = partition;
        holding.Origin = origin;
    }

    /// <summary>An older row of a position came: it moves nothing, but a crash may have left desks that hold a still older one.</summary>
    /// <param name="desks">Receives every desk but the one with the newest row.</param>
    public void Supersede(string positionId, List<string> desks)
    {
        desks.Clear();
        if (Find(positionId) is { } holding)
        {
            desks.AddRange(holding.Others);
        }
    }

    /// <summary>Whether a desk holds the position, and the source position of its row; null in forms without.</summary>
    public (bool IsHeld, SourcePosition? Source) HeldAt(string positionId) => Find(positionId) is { } holding ? (true, holding.Source) : (false, null);

    public bool Holds(string positionId) => Find(positionId) is not null;

    private Holding? Find(string positionId)
    {
        if (!ReferenceEquals(positionId, _lastId))
        {
            _last = _positions.TryGetValue(positionId, out var own) ? own : _shared?.Current.Find(positionId);
            _lastId = positionId;
        }

        return _last;
    }

    /// <summary>
    /// What was loaded may be ahead of the offsets: then its change comes again, in its own partition, and the changes before it have to travel
    /// as they did. Only what another partition had stored as done does not come again.
    /// </summary>
    private bool IsDone(SourcePosition source, FeedPartition partition)
    {
        foreach (var (other, newest) in _doneBefore)
        {
            if (other != partition && source.IsOfSameLogAs(newest) && !source.IsAfter(newest))
            {
                return true;
            }
        }

        return false;
    }

    private static void AddDesksConcerned(Holding holding, string? desk, List<string> desks)
    {
        if (holding.Desk != desk && !desks.Contains(holding.Desk))
        {
            desks.Add(holding.Desk);
        }

        foreach (var other in holding.Others)
        {
            if (other != desk && !desks.Contains(other))
            {
                desks.Add(other);
            }
        }
    }
}
