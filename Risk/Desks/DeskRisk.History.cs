using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;

namespace RiskMonitor.Risk.Desks;

public sealed partial class DeskRisk
{
    /// <summary>The feed's state as the desk last heard of it.</summary>
    public FeedState FeedState => _feedState;

    /// <summary>Commit time of the newest change applied; null before any that told one.</summary>
    public DateTimeOffset? AppliedThrough { get; private set; }

    /// <summary>
    /// Applies of a later record of the desk's own journal what counts at an instant (<see cref="HistoryTime"/>). Records come in their order;
    /// those of which nothing counts may be left out.
    /// </summary>
    /// <returns>False when nothing of it counts.</returns>
    public bool ReplayAsOf(JournalRecord record, DateTimeOffset asOf)
    {
        var step = new DeskStep(this);
        var counts = false;
        foreach (var input in record.Inputs)
        {
            if (input.AsOf(asOf) is not { } counted)
            {
                continue;
            }

            // The changes may have been committed before what came with them was said, or the other way round.
            var feedState = input.At <= asOf ? FeedStateTold(input) ?? _feedState : _feedState;
            step.Apply(counted);
            _feedState = feedState;
            Sequence = record.Sequence;
            counts = true;
        }

        return counts;
    }

    /// <summary>Time has come to an instant: limits that became or ceased to be valid by then are in force.</summary>
    public void ArriveAt(DateTimeOffset instant) => ApplyValidity(new ValidityInput(instant), new DeskStep(this));

    private static FeedState? FeedStateTold(DeskInput input) => input switch
    {
        ChangesInput changes => changes.FeedState,
        SnapshotCompletedInput completed => completed.FeedState,
        _ => null,
    };
}
