using Orleans;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.Risk.Episodes;

/// <summary>
/// What a desk reports to an alert: the whole state of an episode. The alert keeps the report with the highest <see cref="Sequence"/>, so that
/// reports may come late, twice or out of order.
/// </summary>
/// <param name="Sequence">The journal sequence of the record that holds it.</param>
/// <param name="Unit">Unit of the figures around the breach, now: a currency or <see cref="Units.Mixed"/>. Those of the breach have their own.</param>
/// <param name="Feed">The feed's state when the desk was judged.</param>
/// <param name="DetectedAt">When the desk judged the change that made this report.</param>
[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.EpisodeReport")]
public sealed record EpisodeReport(
    [property: Id(0)] string Desk,
    [property: Id(1)] long Sequence,
    [property: Id(2)] Episode Episode,
    [property: Id(3)] string Unit,
    [property: Id(4)] FeedState Feed,
    [property: Id(5)] DateTimeOffset DetectedAt,
    [property: Id(6)] BreachContext Context);

/// <summary>The figures around a breach, for its analysis.</summary>
/// <param name="Traders">The largest by |net|, at most <see cref="TopCount"/>; the same for the others.</param>
[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.BreachContext")]
public sealed record BreachContext(
    [property: Id(0)] Totals Totals,
    [property: Id(1)] IReadOnlyList<Group> Currencies,
    [property: Id(2)] IReadOnlyList<Group> Traders,
    [property: Id(3)] IReadOnlyList<Group> Securities,
    [property: Id(4)] DateTimeOffset? OldestDeltaAt)
{
    public const int TopCount = 5;
}
