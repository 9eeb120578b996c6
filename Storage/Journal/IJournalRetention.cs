namespace RiskMonitor.Storage.Journal;

/// <summary>Thins the journal.</summary>
public interface IJournalRetention
{
    /// <summary>
    /// Removes records that are folded, older than the retention and before every report of their desk that is still unsent. One small step
    /// per desk: call it again while it removes something.
    /// </summary>
    /// <returns>How many were removed.</returns>
    Task<int> PruneAsync(DateTimeOffset now, CancellationToken cancellationToken);
}
