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
    private readonly Dictionary<string, Holders> _positions = new(StringComparer.Ordinal);
    private readonly Dictionary<FeedPartition, SourcePosition> _doneBefore = [];

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

    public void Load(HeldBy held)
    {
        ref var holders = ref CollectionsMarshal.GetValueRefOrAddDefault(_positions, held.PositionId, out var known);
        if (!known)
        {
            holders = new Holders(held.Desk, null, held.Source, held.Generation, null);
            return;
        }

        // The desk with the newest row comes first; the others have not been desks that it left.
        var isNewer = held.Generation > holders.Generation
            || (held.Generation == holders.Generation && held.Source is { } source && holders.Source is { } other && source.IsAfter(other));
        holders = isNewer
            ? new Holders(held.Desk, [holders.Desk, .. holders.Others ?? []], held.Source, held.Generation, null)
            : holders with { Others = [.. holders.Others ?? [], held.Desk] };
    }

    /// <summary>The source position of the last news about a position in this run; null when there was none.</summary>
    public SourcePosition? LastOf(string positionId) =>
        _positions.TryGetValue(positionId, out var holders) && holders.Partition is not null ? holders.Source : null;

    public IReadOnlyList<string> DesksOf(string positionId) => _positions.TryGetValue(positionId, out var holders)
        ? [holders.Desk, .. holders.Others ?? []]
        : [];

    /// <summary>The newest source position that is known of a position and can be compared with one of this partition now; null where there is none.</summary>
    public SourcePosition? NewestOf(string positionId, FeedPartition partition, int generation)
    {
        if (!_positions.TryGetValue(positionId, out var holders))
        {
            return Deleted.Find(positionId, generation);
        }

        return holders.Source is { } source && holders.Generation == generation && (holders.Partition is not null || IsDone(source, partition)) ? source : null;
    }

    /// <summary>Forms without source positions: the position has come in another partition in this run, so that nothing tells which is newer.</summary>
    public bool CameInAnotherPartition(string positionId, FeedPartition partition) =>
        _positions.TryGetValue(positionId, out var holders) && holders.Partition is { } last && last != partition;

    /// <summary>Whether the row that is held under this id came from another database, in this run and after the newest snapshot began.</summary>
    public bool IsOfAnotherOrigin(string positionId, string? origin, int generation) =>
        origin is not null && _positions.TryGetValue(positionId, out var holders) && holders.Generation == generation && holders.Origin is { } held && held != origin;

    /// <summary>Notes where a position is now.</summary>
    /// <param name="desk">Null when it was deleted.</param>
    /// <param name="desks">Receives every other desk that may hold it and has to be desks that it left.</param>
    public void Move(string positionId, string? desk, string? beforeDesk, SourcePosition? source, FeedPartition partition, int generation, List<string> desks, string? origin = null)
    {
        desks.Clear();
        if (beforeDesk is not null && beforeDesk != desk)
        {
            desks.Add(beforeDesk);
        }

        if (desk is null)
        {
            if (_positions.Remove(positionId, out var last))
            {
                AddDesksConcerned(last, null, desks);
            }

            if (source is { } at)
            {
                Deleted.Add(positionId, at, generation);
            }

            return;
        }

        Deleted.Remove(positionId);
        ref var holders = ref CollectionsMarshal.GetValueRefOrAddDefault(_positions, positionId, out var known);
        if (known)
        {
            AddDesksConcerned(holders, desk, desks);
        }

        holders = new Holders(desk, null, source, generation, partition, origin);
    }

    /// <summary>An older row of a position came: it moves nothing, but a crash may have left desks that hold a still older one.</summary>
    /// <param name="desks">Receives every desk but the one with the newest row.</param>
    public void Supersede(string positionId, List<string> desks)
    {
        desks.Clear();
        if (_positions.TryGetValue(positionId, out var holders))
        {
            desks.AddRange(holders.Others ?? []);
        }
    }

    public bool Holds(string positionId) => _positions.ContainsKey(positionId);

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

    private static void AddDesksConcerned(in Holders holders, string? desk, List<string> desks)
    {
        if (holders.Desk != desk && !desks.Contains(holders.Desk))
        {
            desks.Add(holders.Desk);
        }

        foreach (var other in holders.Others ?? [])
        {
            if (other != desk && !desks.Contains(other))
            {
                desks.Add(other);
            }
        }
    }

    /// <param name="Source">Of the newest row; null in forms without.</param>
    /// <param name="Partition">Where it came; null when it was loaded.</param>
    /// <param name="Origin">The database of the newest row; null when it was loaded.</param>
    private readonly record struct Holders(
        string Desk, string[]? Others, SourcePosition? Source, int Generation, FeedPartition? Partition, string? Origin = null);
}
