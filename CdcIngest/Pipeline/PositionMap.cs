using System.Runtime.InteropServices;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Pipeline;

/// <summary>
/// Which desks hold a position, as far as it was read. What was loaded may be ahead of the offsets or behind them, and a position may be held
/// by several desks: all of them are told of each change, and each skips what it has.
/// </summary>
internal sealed class PositionMap
{
    private readonly Dictionary<string, Holders> _positions = new(StringComparer.Ordinal);

    public int Count => _positions.Count;

    public void Load(HeldBy held)
    {
        ref var holders = ref CollectionsMarshal.GetValueRefOrAddDefault(_positions, held.PositionId, out var known);
        holders = known
            ? holders with { Others = [.. holders.Others ?? [], held.Desk] }
            : new Holders(held.Desk, null, null);
    }

    /// <summary>The source position of the last news about a position in this run; null when there was none.</summary>
    public SourcePosition? LastOf(string positionId) => _positions.TryGetValue(positionId, out var holders) ? holders.Last : null;

    public IReadOnlyList<string> DesksOf(string positionId) => _positions.TryGetValue(positionId, out var holders)
        ? [holders.Desk, .. holders.Others ?? []]
        : [];

    /// <summary>Notes where a position is now.</summary>
    /// <param name="desk">Null when it was deleted.</param>
    /// <param name="told">Receives every other desk that may hold it and has to be told that it left.</param>
    public void Move(string positionId, string? desk, string? beforeDesk, SourcePosition? source, List<string> told)
    {
        told.Clear();
        if (beforeDesk is not null && beforeDesk != desk)
        {
            told.Add(beforeDesk);
        }

        if (desk is null)
        {
            if (_positions.Remove(positionId, out var last))
            {
                Tell(last, null, told);
            }

            return;
        }

        ref var holders = ref CollectionsMarshal.GetValueRefOrAddDefault(_positions, positionId, out var known);
        if (known)
        {
            Tell(holders, desk, told);
        }

        holders = new Holders(desk, null, source);
    }

    private static void Tell(in Holders holders, string? desk, List<string> told)
    {
        if (holders.Desk != desk && !told.Contains(holders.Desk))
        {
            told.Add(holders.Desk);
        }

        foreach (var other in holders.Others ?? [])
        {
            if (other != desk && !told.Contains(other))
            {
                told.Add(other);
            }
        }
    }

    private readonly record struct Holders(string Desk, string[]? Others, SourcePosition? Last);
}
