using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Risk.Journal;

/// <summary>An input of a desk. A desk is the sum of its inputs: the same inputs in the same order give the same figures, episodes and alerts.</summary>
/// <param name="At">When the desk received it, by the monitor's clock.</param>
public abstract record DeskInput(DateTimeOffset At);

/// <summary>Position changes of one feed, in the order in which they are to be applied.</summary>
/// <param name="Feed">The feed's name (its topic).</param>
/// <param name="Snapshot">Which snapshots of the feed have begun and are complete, as it knew when it sent the batch.</param>
/// <param name="FeedState">The feed's state, carried into alerts.</param>
/// <param name="IngestedAt">When the first of the changes was read from the feed.</param>
public sealed record ChangesInput(
    DateTimeOffset At,
    string Feed,
    IReadOnlyList<PositionChange> Changes,
    SnapshotProgress Snapshot,
    FeedState FeedState,
    DateTimeOffset IngestedAt) : DeskInput(At);

/// <summary>The limits that may bind the desk changed.</summary>
public sealed record LimitsInput(DateTimeOffset At, LimitSet Limits) : DeskInput(At);

/// <summary>An instant arrived at which a limit becomes or ceases to be valid.</summary>
public sealed record ValidityInput(DateTimeOffset At) : DeskInput(At);

/// <summary>Every partition has passed the snapshot: what was not seen in it or after it is gone, and the desk is judged.</summary>
public sealed record SnapshotCompletedInput(DateTimeOffset At, string Feed, CompletedSnapshot Snapshot, FeedState FeedState) : DeskInput(At);

/// <summary>The episode numbers that stored alerts of a desk without a journal have already, so that new ones start above them.</summary>
public sealed record NumbersTakenInput(DateTimeOffset At, IReadOnlyDictionary<EpisodeKey, int> Numbers) : DeskInput(At);
