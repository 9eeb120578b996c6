using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.Risk.Episodes;

/// <summary>
/// What a desk tells an alert: the whole state of an episode. The alert keeps the report with the highest <see cref="Sequence"/>, so that
/// reports may come late, twice or out of order.
/// </summary>
/// <param name="Sequence">The journal sequence of the record that holds it.</param>
/// <param name="Unit">Unit of the figures around the breach, now: a currency or <see cref="Units.Mixed"/>. Those of the breach have their own.</param>
/// <param name="Feed">The feed's state when the desk was judged.</param>
/// <param name="DetectedAt">When the desk judged the change that made this report.</param>
public sealed record EpisodeReport(
    string Desk,
    long Sequence,
    Episode Episode,
    string Unit,
    FeedState Feed,
    DateTimeOffset DetectedAt,
    BreachContext Context);

/// <summary>The figures around a breach, for its analysis.</summary>
/// <param name="Traders">The largest by |net|, at most <see cref="TopCount"/>; likewise the others.</param>
public sealed record BreachContext(
    Totals Totals,
    IReadOnlyList<Group> Currencies,
    IReadOnlyList<Group> Traders,
    IReadOnlyList<Group> Securities,
    DateTimeOffset? OldestDeltaAt)
{
    public const int TopCount = 5;
}
