using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Risk.Desks;

/// <summary>
/// A desk as of one durable journal record: what readers get. Immutable, so a read never waits for a change and never sees half of one.
/// </summary>
/// <param name="Sequence">The journal record it shows; 0 for a desk that nobody has heard of.</param>
/// <param name="At">When that record was made; null at sequence 0.</param>
/// <param name="Unit">The single currency of what was summed, <see cref="Units.Mixed"/>, or empty for an empty desk.</param>
/// <param name="OldestDeltaAt">Least <c>updated_at</c> of the positions.</param>
/// <param name="LimitsAsOf">The instant for which the limits in force were chosen.</param>
/// <param name="Offsets">Newest offset applied per partition.</param>
public sealed record DeskView(
    string Desk,
    long Sequence,
    DateTimeOffset? At,
    Totals Totals,
    string Unit,
    DateTimeOffset? OldestDeltaAt,
    bool IsBuilding,
    LimitSet Limits,
    DateTimeOffset LimitsAsOf,
    IReadOnlyList<Episode> OpenEpisodes,
    IReadOnlyDictionary<FeedPartition, long> Offsets,
    DeskBreakdown Breakdown)
{
    /// <summary>Why the limits are those that the desk last knew and not those of the table; null while they are the same.</summary>
    public string? LimitsProblem { get; init; }
}
