namespace RiskMonitor.Storage.Writing;

/// <summary>Writes groups to one database, each in a transaction of its own. Called for one group at a time.</summary>
internal interface IGroupWriter<TSession> : IAsyncDisposable
{
    /// <summary>
    /// Runs the writes in their order and commits them. A write that throws leaves no trace and gets its <see cref="PendingWrite{TSession}.Failure"/>; it
    /// does not keep the others from being committed. After an exception the next group begins on a new connection.
    /// </summary>
    /// <returns>How long the commit took.</returns>
    /// <exception cref="StorageWriteException">Nothing of the group was written, or, where its outcome is unknown, the commit failed.</exception>
    Task<TimeSpan> WriteAsync(IReadOnlyList<PendingWrite<TSession>> group);

    /// <summary>Writes something of no consequence that fails where the next record would.</summary>
    Task<bool> ProbeAsync(TSession session);
}
