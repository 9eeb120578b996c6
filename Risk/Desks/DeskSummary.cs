using Orleans;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Risk.Desks;

/// <summary>
/// A desk's figures, limits and open breaches as of one durable journal record: what a list of desks needs of each. It is immutable, so a read neither
/// waits for a change nor sees half of one.
/// </summary>
/// <param name="Sequence">The journal record it shows; 0 for a desk without a journal.</param>
/// <param name="At">When that record was made; null at sequence 0.</param>
/// <param name="Unit">The single currency of what was summed, <see cref="Units.Mixed"/>, or empty for an empty desk.</param>
/// <param name="OldestDeltaAt">Least <c>updated_at</c> of the positions.</param>
/// <param name="LimitsAsOf">The instant for which the limits in force were chosen.</param>
/// <param name="Offsets">Newest offset applied per partition.</param>
[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.DeskSummary")]
public record DeskSummary(
    [property: Id(0)] string Desk,
    [property: Id(1)] long Sequence,
    [property: Id(2)] DateTimeOffset? At,
    [property: Id(3)] Totals Totals,
    [property: Id(4)] string Unit,
    [property: Id(5)] DateTimeOffset? OldestDeltaAt,
    [property: Id(6)] bool IsBuilding,
    [property: Id(7)] LimitSet Limits,
    [property: Id(8)] DateTimeOffset LimitsAsOf,
    [property: Id(9)] IReadOnlyList<Episode> OpenEpisodes,
    [property: Id(10)] IReadOnlyDictionary<FeedPartition, long> Offsets)
{
    /// <summary>Why the limits are those that the desk last knew and not those of the table; null while they are the same.</summary>
    [Id(11)]
    public string? LimitsProblem { get; init; }

    /// <summary>The summary alone. A <see cref="DeskView"/> that crosses the wire as a summary would bring its breakdown along.</summary>
    public DeskSummary ToSummary() => GetType() == typeof(DeskSummary) ? this : new DeskSummary(this);
}
