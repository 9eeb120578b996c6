using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Risk.Journal;

/// <summary>Everything of a desk but its position rows, as of a journal sequence. Rows and checkpoint are folded together, so that they always agree.</summary>
/// <param name="Offsets">Newest offset applied per partition.</param>
/// <param name="Completed">Newest completed snapshot per feed.</param>
/// <param name="Building">Feeds whose snapshot is being read.</param>
/// <param name="LimitsAsOf">The instant for which the limits in force were last chosen.</param>
/// <param name="NumbersTaken">Episode numbers of alerts from before this journal; new ones start above.</param>
/// <param name="FeedState">The feed's state as the desk last received it.</param>
/// <param name="Episodes">The last episode per key, open or cured.</param>
/// <param name="AppliedThrough">Commit time of the newest change applied; null before any that carried one.</param>
public sealed record DeskCheckpoint(
    string Desk,
    long Sequence,
    IReadOnlyDictionary<FeedPartition, long> Offsets,
    IReadOnlyDictionary<string, int> Completed,
    IReadOnlySet<string> Building,
    LimitSet Limits,
    DateTimeOffset LimitsAsOf,
    IReadOnlyList<Episode> Episodes,
    IReadOnlyDictionary<EpisodeKey, int> NumbersTaken,
    FeedState FeedState,
    DateTimeOffset? AppliedThrough);

/// <summary>A position as a desk holds it.</summary>
/// <param name="Feed">The feed it came from.</param>
/// <param name="Generation">The snapshot of that feed that had begun when it was last seen.</param>
public sealed record HeldPosition(Position Row, SourcePosition? Source, string Feed, int Generation);
