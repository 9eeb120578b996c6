using Orleans;

namespace RiskMonitor.Risk.Desks;

/// <summary>
/// Exact sums over a set of positions. Deltas are signed cash amounts; a missing delta counts as 0 and is counted in <see cref="Missing"/>.
/// A delta that does not fit the positions table (<see cref="MostDelta"/>) is treated as missing: no sum of those that fit can overflow. Each delta counts with
/// <see cref="Decimals"/> decimals, so that a sum below <see cref="MostDelta"/> is never rounded, and does not depend on the order in which positions came and went.
/// </summary>
/// <param name="Long">Sum of positive deltas, ≥ 0.</param>
/// <param name="Short">Sum of negative deltas, ≤ 0.</param>
/// <param name="Count">Positions summed.</param>
/// <param name="Missing">Positions without a delta that can be summed.</param>
[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.Totals")]
public readonly record struct Totals(
    [property: Id(0)] decimal Long,
    [property: Id(1)] decimal Short,
    [property: Id(2)] int Count,
    [property: Id(3)] int Missing)
{
    /// <summary>Deltas of this size and above do not fit the table.</summary>
    public const decimal MostDelta = 1e18m;

    /// <summary>With more of them a sum may need more than a decimal's 28 digits.</summary>
    public const int Decimals = 10;

    public decimal Net => Long + Short;

    public decimal Gross => Long - Short;

    public Totals With(decimal? delta) => Summed(delta) is { } amount
        ? new(amount > 0 ? Long + amount : Long, amount < 0 ? Short + amount : Short, Count + 1, Missing)
        : new(Long, Short, Count + 1, Missing + 1);

    public Totals Without(decimal? delta) => Summed(delta) is { } amount
        ? new(amount > 0 ? Long - amount : Long, amount < 0 ? Short - amount : Short, Count - 1, Missing)
        : new(Long, Short, Count - 1, Missing - 1);

    public static Totals operator +(Totals a, Totals b) => new(a.Long + b.Long, a.Short + b.Short, a.Count + b.Count, a.Missing + b.Missing);

    private static decimal? Summed(decimal? delta) => delta is > -MostDelta and < MostDelta ? decimal.Round(delta.Value, Decimals) : null;
}
