using Orleans;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Risk.Desks;

/// <summary>A desk's summary, with its totals by currency, trader and security as of the same record.</summary>
[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.DeskView")]
public sealed record DeskView : DeskSummary
{
    public DeskView(
        string desk,
        long sequence,
        DateTimeOffset? at,
        Totals totals,
        string unit,
        DateTimeOffset? oldestDeltaAt,
        bool isBuilding,
        LimitSet limits,
        DateTimeOffset limitsAsOf,
        IReadOnlyList<Episode> openEpisodes,
        IReadOnlyDictionary<FeedPartition, long> offsets,
        DeskBreakdown breakdown)
        : base(desk, sequence, at, totals, unit, oldestDeltaAt, isBuilding, limits, limitsAsOf, openEpisodes, offsets) => Breakdown = breakdown;

    /// <summary>Of the dimensions that were asked for; the others are empty.</summary>
    [Id(12)]
    public DeskBreakdown Breakdown { get; init; }

    /// <summary>The same view with these dimensions only.</summary>
    public DeskView Of(DeskDimensions dimensions) => dimensions == DeskDimensions.All ? this : this with { Breakdown = Breakdown.Of(dimensions) };
}
