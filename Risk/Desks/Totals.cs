namespace RiskMonitor.Risk.Desks;

/// <summary>Exact sums over a set of positions. Deltas are signed cash amounts; a missing delta counts as 0 and is counted in <see cref="Missing"/>.</summary>
/// <param name="Long">Sum of positive deltas, ≥ 0.</param>
/// <param name="Short">Sum of negative deltas, ≤ 0.</param>
/// <param name="Count">Positions summed.</param>
/// <param name="Missing">Positions without a delta.</param>
public readonly record struct Totals(decimal Long, decimal Short, int Count, int Missing)
{
    public decimal Net => Long + Short;

    public decimal Gross => Long - Short;

    public Totals With(decimal? delta) => new(
        delta > 0 ? Long + delta.Value : Long,
        delta < 0 ? Short + delta.Value : Short,
        Count + 1,
        delta is null ? Missing + 1 : Missing);

    public Totals Without(decimal? delta) => new(
        delta > 0 ? Long - delta.Value : Long,
        delta < 0 ? Short - delta.Value : Short,
        Count - 1,
        delta is null ? Missing - 1 : Missing);

    public static Totals operator +(Totals a, Totals b) => new(a.Long + b.Long, a.Short + b.Short, a.Count + b.Count, a.Missing + b.Missing);
}
