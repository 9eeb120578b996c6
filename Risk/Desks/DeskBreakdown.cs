namespace RiskMonitor.Risk.Desks;

/// <summary>
/// A desk's totals by currency, trader and security at one instant, split by currency so that a group's unit is known. Taking one is a copy;
/// merging it to groups is left to whoever reads it.
/// </summary>
public sealed record DeskBreakdown(IReadOnlyList<TotalsLeaf> Currencies, IReadOnlyList<TotalsLeaf> Traders, IReadOnlyList<TotalsLeaf> Securities)
{
    public static readonly DeskBreakdown Empty = new([], [], []);

    public IReadOnlyList<Group> ByCurrency() => Merge(Currencies);

    public IReadOnlyList<Group> ByTrader() => Merge(Traders);

    public IReadOnlyList<Group> BySecurity() => Merge(Securities);

    /// <summary>One group per key, the largest |net| first.</summary>
    public static IReadOnlyList<Group> Merge(IEnumerable<TotalsLeaf> leaves)
    {
        var groups = new Dictionary<string, Group>(StringComparer.Ordinal);
        foreach (var leaf in leaves)
        {
            groups[leaf.Key] = groups.TryGetValue(leaf.Key, out var known)
                ? new Group(leaf.Key, Units.Mixed, known.Totals + leaf.Totals)
                : new Group(leaf.Key, leaf.Currency, leaf.Totals);
        }

        return
        [
            .. groups.Values
                .OrderByDescending(group => Math.Abs(group.Totals.Net))
                .ThenBy(group => group.Key, StringComparer.Ordinal),
        ];
    }
}

/// <summary>Totals of one key in one currency.</summary>
/// <param name="Quantity">Sum of the quantities, signed, in units of the instrument; null where the key is none: units of several do not add up.</param>
public readonly record struct TotalsLeaf(string Key, string Currency, Totals Totals, decimal? Quantity);
