using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;

namespace RiskMonitor.Risk.Desks;

public sealed partial class DeskRisk
{
    /// <summary>The feed's state as the desk last received it.</summary>
    public FeedState FeedState => _feedState;

    /// <summary>Commit time of the newest change applied; null before any that carried one.</summary>
    public DateTimeOffset? AppliedThrough { get; private set; }

    /// <summary>
    /// Applies of a later record of the desk's own journal what counts at an instant (<see cref="HistoryTime"/>). Records come in their order;
    /// those of which nothing counts may be left out.
    /// </summary>
    /// <returns>False when nothing of it counts.</returns>
    public bool ReplayAsOf(JournalRecord record, DateTimeOffset asOf)
    {
        var counts = false;
        foreach (var input in record.Inputs)
        {
            if (input.AsOf(asOf) is not { } counted)
            {
                continue;
            }

            // The changes may count from an earlier or a later instant than the feed state that came with them.
            var feedState = input.At <= asOf ? FeedStateOf(input) ?? _feedState : _feedState;
            ApplyInput(counted, step: null);
            _feedState = feedState;
            Sequence = record.Sequence;
            counts = true;
        }

        return counts;
    }

    /// <summary>Brings the limits in force to an instant.</summary>
    public void ArriveAt(DateTimeOffset instant) => ApplyValidity(new ValidityInput(instant), step: null);

    private static FeedState? FeedStateOf(DeskInput input) => input switch
    {
        ChangesInput changes => changes.FeedState,
        SnapshotCompletedInput completed => completed.FeedState,
        _ => null,
    };
}
