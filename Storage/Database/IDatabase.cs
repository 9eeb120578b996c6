using RiskMonitor.Storage.Evidence;

namespace RiskMonitor.Storage.Database;

/// <summary>A database as the repositories use it. Reads and writes may await nothing but their session.</summary>
internal interface IDatabase
{
    SqlDialect Dialect { get; }

    /// <summary>The heads of the chains of evidence that this process writes.</summary>
    EvidenceHeads Evidence { get; }

    /// <summary>The fault is in what is stored: reading it again gives the same.</summary>
    bool IsOfTheRow(Exception error);

    /// <summary>Reads on a connection of the pool. Everything that is read comes from one snapshot of the database.</summary>
    Task<T> ReadAsync<T>(ReadPool pool, Func<DbSession, Task<T>> read, CancellationToken cancellationToken);

    /// <summary>
    /// Writes in a transaction that other writes may share; the task ends after the commit. A write that throws leaves no trace. It may run a second
    /// time, in another transaction. Cancelling ends it only before it began.
    /// </summary>
    /// <exception cref="StorageWriteException">The write could not be committed.</exception>
    Task<T> WriteAsync<T>(Func<DbSession, Task<T>> write, CancellationToken cancellationToken);
}
