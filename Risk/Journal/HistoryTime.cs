using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Risk.Journal;

/// <summary>
/// From which instant the inputs of a desk count in its past: a change from its commit, by the source's clock; every other input
/// from when the desk received it. So what a desk was at an instant depends neither on how fast changes came nor on how they were batched.
/// </summary>
public static class HistoryTime
{
    /// <summary>
    /// How far a commit time may lie ahead of the monitor's clock. One that lies further is not believed, and the change counts from when it was
    /// received. If it were believed, one wrong time would hide every later state from the past.
    /// </summary>
    public static readonly TimeSpan MostAhead = TimeSpan.FromHours(1);

    /// <param name="receivedAt">When the desk received the change, by the monitor's clock; this counts where the source gives no time.</param>
    public static DateTimeOffset CountsFrom(this PositionChange change, DateTimeOffset receivedAt) =>
        change.Time is { } time && time.CommittedAt - receivedAt <= MostAhead ? time.CommittedAt : receivedAt;

    /// <summary>The instants from which the first and the last of a record count.</summary>
    public static (DateTimeOffset Earliest, DateTimeOffset Latest) Span(this JournalRecord record)
    {
        var (earliest, latest) = (DateTimeOffset.MaxValue, DateTimeOffset.MinValue);
        foreach (var input in record.Inputs)
        {
            Include(input.At);
            if (input is ChangesInput { Changes: var changes })
            {
                for (var i = 0; i < changes.Count; i++)
                {
                    Include(changes[i].CountsFrom(input.At));
                }
            }
        }

        return record.Inputs.Count > 0 ? (earliest, latest) : (record.At, record.At);

        void Include(DateTimeOffset instant)
        {
            if (instant < earliest)
            {
                earliest = instant;
            }

            if (instant > latest)
            {
                latest = instant;
            }
        }
    }

    /// <summary>
    /// The part of an input that counts at an instant. Changes that were committed by then but received later count without the snapshot progress that
    /// came with them, because the desk did not know it yet.
    /// </summary>
    /// <returns>Null when nothing does.</returns>
    public static DeskInput? AsOf(this DeskInput input, DateTimeOffset instant)
    {
        var wasReceived = input.At <= instant;
        if (input is not ChangesInput changes)
        {
            return wasReceived ? input : null;
        }

        var counted = changes.Changes.Where(change => change.CountsFrom(input.At) <= instant).ToList();
        return (wasReceived, counted.Count) switch
        {
            (true, var count) when count == changes.Changes.Count => changes,
            (true, _) => changes with { Changes = counted },
            (false, 0) => null,
            (false, _) => changes with { Changes = counted, Snapshot = changes.Snapshot with { Completed = default } },
        };
    }
}
