using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Risk.Journal;

/// <summary>
/// From which instant the inputs of a desk count in its past: a change from its commit, by the source's clock; whatever else the desk was told
/// from when it took that in. So what a desk was at an instant depends neither on how fast changes came nor on how they were batched.
/// </summary>
public static class HistoryTime
{
    /// <summary>
    /// How far a commit time may lie ahead of the monitor's clock. One that lies further is not believed, and the change counts from when it was
    /// taken in; believed, a single wrong one would keep every later state from being a state of the past.
    /// </summary>
    public static readonly TimeSpan MostAhead = TimeSpan.FromHours(1);

    /// <param name="takenIn">When the desk took the change in, by the monitor's clock; also counts where the source tells no time.</param>
    public static DateTimeOffset CountsFrom(this PositionChange change, DateTimeOffset takenIn) =>
        change.Time is { } time && time.CommittedAt - takenIn <= MostAhead ? time.CommittedAt : takenIn;

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
    /// What of an input counts at an instant. Changes that were committed by then but taken in later come without what the desk was told beside
    /// them: it did not know yet that their snapshot was complete.
    /// </summary>
    /// <returns>Null when nothing does.</returns>
    public static DeskInput? AsOf(this DeskInput input, DateTimeOffset instant)
    {
        var wasTold = input.At <= instant;
        if (input is not ChangesInput changes)
        {
            return wasTold ? input : null;
        }

        var counted = changes.Changes.Where(change => change.CountsFrom(input.At) <= instant).ToList();
        return (wasTold, counted.Count) switch
        {
            (true, var count) when count == changes.Changes.Count => changes,
            (true, _) => changes with { Changes = counted },
            (false, 0) => null,
            (false, _) => changes with { Changes = counted, Snapshot = changes.Snapshot with { Completed = default } },
        };
    }
}
