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
    private readonly HashSet<string> _touched = new(StringComparer.Ordinal);
    private DateTimeOffset? _oldest;
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
                _oldest = _positions.Values.Min(held => held.Row.UpdatedAt);
                _oldestIsKnown = true;
            }

            return _oldest;
        }
    }

    /// <summary>Positions put or removed since <see cref="ForgetTouched"/>.</summary>
    public IReadOnlyCollection<string> Touched => _touched;

    public void ForgetTouched() => _touched.Clear();

    public HeldPosition? Find(string positionId) => _positions.GetValueOrDefault(positionId);

    public void Put(HeldPosition position)
    {
        Remove(position.Row.PositionId);
        var row = position.Row;
        _touched.Add(row.PositionId);
        _positions.Add(row.PositionId, position);
        Totals = Totals.With(row.Delta);
        _byTrader.Add(row.TraderId, row);
        _bySecurity.Add(row.SecurityId, row);
        _byCurrency.Add(row.Currency, row);
        if (_oldestIsKnown && row.UpdatedAt is { } at && (_oldest is null || at < _oldest))
        {
            _oldest = at;
        }
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
        if (_oldestIsKnown && row.UpdatedAt is not null && row.UpdatedAt == _oldest)
        {
            _oldestIsKnown = false;
        }

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

    private static List<Group> Top(TotalsByKey totals) => [.. DeskBreakdown.Merge(totals.Copy()).Take(BreachContext.TopCount)];
}
