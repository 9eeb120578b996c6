using Orleans;

namespace RiskMonitor.Risk.Desks;

/// <summary>
/// A desk's totals by currency, trader and security at one instant, split by currency so that a group's unit is known. Taking one copies
/// the leaves; the first reader merges them to groups.
/// </summary>
[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.DeskBreakdown")]
public sealed class DeskBreakdown(IReadOnlyList<TotalsLeaf> currencies, IReadOnlyList<TotalsLeaf> traders, IReadOnlyList<TotalsLeaf> securities)
{
    public static readonly DeskBreakdown Empty = new([], [], []);

    // Two readers at once may both merge; the results are equal.
    [NonSerialized]
    private IReadOnlyList<Group>? _byCurrency;

    [NonSerialized]
    private IReadOnlyList<Group>? _byTrader;

    [NonSerialized]
    private IReadOnlyList<Group>? _bySecurity;

    [Id(0)]
    public IReadOnlyList<TotalsLeaf> Currencies { get; init; } = currencies;

    [Id(1)]
    public IReadOnlyList<TotalsLeaf> Traders { get; init; } = traders;

    [Id(2)]
    public IReadOnlyList<TotalsLeaf> Securities { get; init; } = securities;

    /// <summary>The same lists for these dimensions, and empty ones for the others.</summary>
    public DeskBreakdown Of(DeskDimensions dimensions) => new(
        dimensions.HasFlag(DeskDimensions.Currency) ? Currencies : [],
        dimensions.HasFlag(DeskDimensions.Trader) ? Traders : [],
        dimensions.HasFlag(DeskDimensions.Security) ? Securities : []);

    public IReadOnlyList<Group> ByCurrency() => _byCurrency ??= Merge(Currencies);

    public IReadOnlyList<Group> ByTrader() => _byTrader ??= Merge(Traders);

    public IReadOnlyList<Group> BySecurity() => _bySecurity ??= Merge(Securities);

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
/// <param name="Quantity">Sum of the quantities, signed, in units of the instrument; null where the key is none: units of several do not add up; and where one does not fit the table.</param>
[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.TotalsLeaf")]
public readonly record struct TotalsLeaf(
    [property: Id(0)] string Key,
    [property: Id(1)] string Currency,
    [property: Id(2)] Totals Totals,
    [property: Id(3)] decimal? Quantity);
