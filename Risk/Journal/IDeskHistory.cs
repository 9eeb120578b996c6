using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.Risk.Journal;

/// <summary>Past states of desks. Reads beside the journal's writers and never blocks them.</summary>
public interface IDeskHistory
{
    /// <summary>
    /// A desk as of an instant of the source's time: exactly the changes committed at or before it (<see cref="HistoryTime"/>), in the journal's
    /// order, whatever batch or record they came in, under the limits that were valid then as far as the desk had received them.
    /// </summary>
    /// <remarks>
    /// MariaDB cuts commit times to the second: a change committed at 12:00:00.7 counts from 12:00:00, so that an answer as of 12:00:00.2 has it
    /// already. There the answer is that of the end of the second asked for. A change that is still on its way, or that comes late, joins the
    /// answers for its instant once it is here; an instant to come answers with what is known now.
    /// Breaches are those that these changes open in this order. They bear the numbers of the alerts raised, unless changes of several partitions
    /// overtook each other; their times are when the monitor saw them, which may lie after the instant asked for.
    /// </remarks>
    /// <returns>A <see cref="PastState"/> or <see cref="BeforeHistory"/>; null for an unknown desk.</returns>
    Task<PastDesk?> AsOfAsync(string desk, DateTimeOffset asOf, CancellationToken cancellationToken);
}

/// <summary>What can be said of a desk at a past instant.</summary>
public abstract record PastDesk;

/// <summary>The desk at that instant.</summary>
/// <param name="View">Figures, limits, open breaches and offsets; its record is the newest of which anything counted.</param>
/// <param name="FeedState">The feed's state as the desk had last received it.</param>
/// <param name="AppliedThrough">Commit time of the newest change in it; null where no change carried one.</param>
/// <param name="StandsOn">Null: exact to the change. Else the journal of that time is gone, and this is the last state kept before the instant
/// asked for: the desk as of this one.</param>
public sealed record PastState(DeskView View, FeedState FeedState, DateTimeOffset? AppliedThrough, DateTimeOffset? StandsOn) : PastDesk
{
    public bool IsExact => StandsOn is null;
}

/// <summary>Nothing is known of the desk that early.</summary>
public sealed record BeforeHistory(HistoryReach Reach) : PastDesk;

/// <summary>How far back answers about a desk go.</summary>
/// <param name="Earliest">The first instant that has an answer: the desk's first input, or its oldest kept state.</param>
/// <param name="ExactFrom">The first instant from which answers are exact to the change; before it stand kept states.</param>
public sealed record HistoryReach(DateTimeOffset Earliest, DateTimeOffset ExactFrom);
