using System.Text.Json.Serialization;
using RiskMonitor.Risk.Desks;

namespace RiskMonitor.UseCases.Answers;

/// <summary>Sums over a set of positions. <c>delta</c> is the net.</summary>
public record Figures
{
    /// <summary>Sums come before what a derived record adds, but after its key.</summary>
    private const int First = -100;

    /// <summary>The order of a derived record's key.</summary>
    protected const int KeyOrder = First - 1;

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

    [JsonPropertyOrder(First + 0)]
    public Money Delta { get; }

    [JsonPropertyOrder(First + 1)]
    public Money GrossDelta { get; }

    [JsonPropertyOrder(First + 2)]
    public Money LongDelta { get; }

    [JsonPropertyOrder(First + 3)]
    public Money ShortDelta { get; }

    /// <summary>The single currency of what was summed, <c>mixed</c>, or empty where there is nothing.</summary>
    [JsonPropertyOrder(First + 4)]
    public string Unit { get; }

    [JsonPropertyOrder(First + 5)]
    public int PositionCount { get; }

    /// <summary>Positions without a delta, which count as 0.</summary>
    [JsonPropertyOrder(First + 6)]
    public int MissingDeltaCount { get; }

    /// <summary>Ratios are numbers with at most six decimals.</summary>
    public static decimal? Ratio(decimal? ratio) =>
        // Dividing by one with many zeros drops trailing zeros.
        ratio is { } value ? Math.Round(value, 6, MidpointRounding.AwayFromZero) / 1.0000000000000000000000000000m : null;
}
