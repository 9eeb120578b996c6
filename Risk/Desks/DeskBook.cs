using System.Runtime.InteropServices;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Risk.Desks;

/// <summary>A desk's positions with their sums, exact after every change.</summary>
internal sealed class DeskBook
{
    private readonly Dictionary<string, HeldPosition> _positions = new(StringComparer.Ordinal);
    private readonly TotalsByKey _byTrader = new();
    private readonly TotalsByKey _bySecurity = new(sumsQuantities: true);
    private readonly TotalsByKey _byCurrency = new();
    private HashSet<string> _touched = new(StringComparer.Ordinal);
    private DateTimeOffset? _oldest;

    /// <summary>How many positions are as old as <see cref="_oldest"/>; many are, where they were written together.</summary>
    private int _asOld;
    private bool _oldestIsKnown = true;

    public Totals Totals { get; private set; }

    public int Count => _positions.Count;

    public IEnumerable<HeldPosition> Positions => _positions.Values;

    /// <summary>The single currency of all positions, <see cref="Units.Mixed"/>, or empty for an empty book.</summary>
    public string Unit => _byCurrency.SingleCurrency();

    /// <summary>The least <c>updated_at</c> of the positions; null when none carries one.</summary>
    public DateTimeOffset? OldestDeltaAt
    {
        get
        {
            if (!_oldestIsKnown)
            {
                FindOldest();
            }

            return _oldest;
        }
    }

    /// <summary>Positions put or removed since <see cref="ForgetTouched"/>.</summary>
    public IReadOnlyCollection<string> Touched => _touched;

    /// <summary>A set keeps the room that it once had, and a desk that was loaded has touched all of its positions.</summary>
    public void ForgetTouched() => _touched = new HashSet<string>(StringComparer.Ordinal);

    public HeldPosition? Find(string positionId) => _positions.GetValueOrDefault(positionId);

    public void Put(HeldPosition position)
    {
        var row = position.Row;
        _touched.Add(row.PositionId);
        ref var held = ref CollectionsMarshal.GetValueRefOrAddDefault(_positions, row.PositionId, out var isHeld);
        var before = held?.Row;
        held = position;
        if (isHeld)
        {
            Totals = Totals.Without(before!.Delta);
            ForgetAge(before);
        }

        Totals = Totals.With(row.Delta);
        _byTrader.Replace(before?.TraderId, before, row.TraderId, row);
        _bySecurity.Replace(before?.SecurityId, before, row.SecurityId, row);
        _byCurrency.Replace(before?.Currency, before, row.Currency, row);
        NoteAge(row);
    }

    public bool Remove(string positionId)
    {
        if (!_positions.Remove(positionId, out var held))
        {
            return false;
        }

        _touched.Add(positionId);
        var row = held.Row;
        Totals = Totals.Without(row.Delta);
        _byTrader.Remove(row.TraderId, row);
        _bySecurity.Remove(row.SecurityId, row);
        _byCurrency.Remove(row.Currency, row);
        ForgetAge(row);
        return true;
    }

    /// <summary>
    /// Removes the positions of a feed that were last seen before a snapshot. A position that changed after the snapshot was taken stays: its
    /// partition may have brought that change before another one brought the first row of the snapshot.
    /// </summary>
    /// <param name="taken">Where in the source's log the snapshot was taken; null where that is unknown.</param>
    /// <returns>How many.</returns>
    public int RemoveUnseen(string feed, int generation, SourcePosition? taken)
    {
        var unseen = _positions.Values
            .Where(held => held.Generation < generation && string.Equals(held.Feed, feed, StringComparison.Ordinal))
            .ToList();
        var removed = 0;
        foreach (var held in unseen)
        {
            if (held.Source is { } source && taken is { } at && source.IsAfter(at))
            {
                // It belongs to the order of the new snapshot, so that later changes are compared with it.
                Put(held with { Generation = generation });
            }
            else
            {
                removed += Remove(held.Row.PositionId) ? 1 : 0;
            }
        }

        return removed;
    }

    public BreachContext Context() => new(
        Totals,
        Top(_byCurrency),
        Top(_byTrader),
        Top(_bySecurity),
        OldestDeltaAt);

    public DeskBreakdown Breakdown() => new(_byCurrency.Copy(), _byTrader.Copy(), _bySecurity.Copy());

    private void NoteAge(Position row)
    {
        if (!_oldestIsKnown || row.UpdatedAt is not { } at || at > _oldest)
        {
            return;
        }

        _asOld = at == _oldest ? _asOld + 1 : 1;
        _oldest = at;
    }

    private void ForgetAge(Position row)
    {
        if (_oldestIsKnown && row.UpdatedAt is not null && row.UpdatedAt == _oldest)
        {
            _oldestIsKnown = --_asOld > 0;
        }
    }

    private void FindOldest()
    {
        (_oldest, _asOld, _oldestIsKnown) = (null, 0, true);
        foreach (var held in _positions.Values)
        {
            NoteAge(held.Row);
        }
    }

    private static List<Group> Top(TotalsByKey totals) => [.. DeskBreakdown.Merge(totals.Copy()).Take(BreachContext.TopCount)];
}
