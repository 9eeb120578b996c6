using System.Runtime.InteropServices;
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
    private readonly Dictionary<string, Holding> _positions = new(StringComparer.Ordinal);
    private readonly Dictionary<FeedPartition, SourcePosition> _doneBefore = [];

    /// <summary>Desks with an older row of a position, by its id: those that have not learnt that it left them. Most often there are none.</summary>
    private readonly Dictionary<string, string[]> _others = new(StringComparer.Ordinal);

    /// <summary>Positions share what they have in common with all that came the same way.</summary>
    private readonly Dictionary<(FeedPartition Partition, string? Origin), Arrival> _arrivals = [];
    private Arrival? _lastArrival;

    /// <summary>The last answer of <see cref="Find"/>: several questions about one position follow each other for each change.</summary>
    private string? _lastId;
    private Holding? _last;

    public int Count => _positions.Count;

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
    public void Load(HeldBy held)
    {
        ref var holding = ref CollectionsMarshal.GetValueRefOrAddDefault(_positions, held.PositionId, out var known);
        if (!known)
        {
            holding = new Holding(held.Desk, held.Source, held.Generation);
            return;
        }

        var isNewer = held.Generation > holding!.Generation
            || (held.Generation == holding.Generation && held.Source is { } source && holding.Source is { } other && source.IsAfter(other));
        _others[held.PositionId] = [.. OthersOf(held.PositionId), isNewer ? holding.Desk : held.Desk];
        holding = isNewer ? new Holding(held.Desk, held.Source, held.Generation) : holding;
    }

    /// <summary>The source position of the last new row of a position in this run; null when there was none.</summary>
    public SourcePosition? LastOf(string positionId) => Find(positionId) is { CameBy: not null } holding ? holding.Source : null;

    public IReadOnlyList<string> DesksOf(string positionId) => Find(positionId) is { } holding ? [holding.Desk, .. OthersOf(positionId)] : [];

    /// <summary>The newest source position that is known of a position and can be compared with one of this partition now; null where there is none.</summary>
    public SourcePosition? NewestOf(string positionId, FeedPartition partition, int generation)
    {
        if (Find(positionId) is not { } holding)
        {
            return Deleted.Find(positionId, generation);
        }

        return holding.Source is { } source && holding.Generation == generation && (holding.CameBy is not null || IsDone(source, partition)) ? source : null;
    }

    /// <summary>Forms without source positions: the position has come in another partition in this run, so that it is unknown which is newer.</summary>
    public bool CameInAnotherPartition(string positionId, FeedPartition partition) =>
        Find(positionId)?.CameBy is { } last && last.Partition != partition;

    /// <summary>Whether the row that is held under this id came from another database, in this run and after the newest snapshot began.</summary>
    public bool IsOfAnotherOrigin(string positionId, string? origin, int generation) =>
        origin is not null && Find(positionId) is { CameBy.Origin: { } held } holding && holding.Generation == generation && held != origin;

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
            AddConcerned(holding.Desk, desk, desks);
            foreach (var other in OthersOf(positionId))
            {
                AddConcerned(other, desk, desks);
            }

            _others.Remove(positionId);
        }

        if (desk is null)
        {
            _positions.Remove(positionId);
            _last = null;

            if (source is { } at)
            {
                Deleted.Add(positionId, at, generation);
            }

            return;
        }

        Deleted.Remove(positionId);
        if (holding is null)
        {
            _positions.Add(positionId, _last = holding = new Holding(desk, source, generation));
        }

        holding.Desk = desk;
        holding.Source = source;
        holding.Generation = generation;
        holding.CameBy = ArrivalOf(partition, origin);
    }

    /// <summary>An older row of a position came: it moves nothing, but a crash may have left desks that hold a still older one.</summary>
    /// <param name="desks">Receives every desk but the one with the newest row.</param>
    public void Supersede(string positionId, List<string> desks)
    {
        desks.Clear();
        desks.AddRange(OthersOf(positionId));
    }

    public bool Holds(string positionId) => Find(positionId) is not null;

    private Holding? Find(string positionId)
    {
        if (!ReferenceEquals(positionId, _lastId))
        {
            _last = _positions.GetValueOrDefault(positionId);
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

    private static void AddConcerned(string holder, string? desk, List<string> desks)
    {
        if (holder != desk && !desks.Contains(holder))
        {
            desks.Add(holder);
        }
    }

    private string[] OthersOf(string positionId) => _others.Count > 0 && _others.TryGetValue(positionId, out var others) ? others : [];

    private Arrival ArrivalOf(FeedPartition partition, string? origin)
    {
        if (_lastArrival is null || _lastArrival.Partition != partition || _lastArrival.Origin != origin)
        {
            ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_arrivals, (partition, origin), out _);
            _lastArrival = known ??= new Arrival(partition, origin);
        }

        return _lastArrival;
    }

    /// <summary>A position and the desk that holds its newest row. There is one for each position, so that it has as little as possible.</summary>
    private sealed class Holding(string desk, SourcePosition? source, int generation)
    {
        public string Desk { get; set; } = desk;

        /// <summary>Of the newest row; null in forms without.</summary>
        public SourcePosition? Source { get; set; } = source;

        /// <summary>The snapshot during or after which the newest row was read.</summary>
        public int Generation { get; set; } = generation;

        /// <summary>How the newest row came; null when it was loaded.</summary>
        public Arrival? CameBy { get; set; }
    }

    /// <summary>How rows came.</summary>
    /// <param name="Origin">Their database.</param>
    private sealed record Arrival(FeedPartition Partition, string? Origin);
}
