using RiskMonitor.Risk.Desks;

namespace RiskMonitor.McpFrontend.Answers;

/// <summary>Sums over a set of positions. <c>delta</c> is the net.</summary>
internal record Figures
{
    internal Figures(Totals totals, string unit)
    {
        Delta = totals.Net;
        GrossDelta = totals.Gross;
        LongDelta = totals.Long;
        ShortDelta = totals.Short;
        Unit = unit;
        PositionCount = totals.Count;
        MissingDeltaCount = totals.Missing;
    }

    public Money Delta { get; }

    public Money GrossDelta { get; }

    public Money LongDelta { get; }

    public Money ShortDelta { get; }

    /// <summary>The single currency of what was summed, <c>mixed</c>, or empty where there is nothing.</summary>
    public string Unit { get; }

    public int PositionCount { get; }

    /// <summary>Positions without a delta, which count as 0.</summary>
    public int MissingDeltaCount { get; }

    /// <summary>Ratios are numbers with at most six decimals.</summary>
    public static decimal? Ratio(decimal? ratio) =>
        // Dividing by one with many zeros drops trailing zeros.
        ratio is { } value ? Math.Round(value, 6, MidpointRounding.AwayFromZero) / 1.0000000000000000000000000000m : null;
}
