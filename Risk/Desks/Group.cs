using Orleans;

namespace RiskMonitor.Risk.Desks;

/// <summary>Totals of one trader, security or currency within a desk.</summary>
/// <param name="Unit">The single currency of what was summed, or <see cref="Units.Mixed"/>.</param>
[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.Group")]
public sealed record Group(
    [property: Id(0)] string Key,
    [property: Id(1)] string Unit,
    [property: Id(2)] Totals Totals);

/// <summary>Units of summed figures.</summary>
public static class Units
{
    /// <summary>The sum runs over more than one currency and is a raw sum of numbers.</summary>
    public const string Mixed = "mixed";

    /// <summary>What stands behind a figure in running text: a raw sum is not written like an amount.</summary>
    public static string Beside(string unit) => unit == Mixed ? "(raw sum, mixed currencies)" : unit;
}
