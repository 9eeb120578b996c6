namespace RiskMonitor.Storage.Journal;

/// <summary>Keeps desks as they were, and removes what no answer needs any more.</summary>
public interface IJournalRetention
{
    /// <summary>
    /// Keeps, as of its last fold, each desk whose newest kept state is older than the interval or lies far back in its journal. Answers about
    /// the past begin at a kept state, so that they replay little. Harmless when doubled.
    /// </summary>
    /// <returns>How many were kept.</returns>
    Task<int> KeepStatesAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// Removes records that no exact answer within the retention needs: those before the newest kept state that is as old as the retention. Records
    /// from the first unsent report of their desk on stay. Of the states before what is left of the journal the last of each day stays, for
    /// as long as states are retained. One small step per desk: call it again while it removes something.
    /// </summary>
    /// <returns>How many records and states were removed.</returns>
    Task<int> PruneAsync(DateTimeOffset now, CancellationToken cancellationToken);
}
