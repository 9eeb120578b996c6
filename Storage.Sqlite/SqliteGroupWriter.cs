using Microsoft.Extensions.Logging;
using RiskMonitor.Storage.Evidence;
using RiskMonitor.Storage.Writing;

namespace RiskMonitor.Storage.Sqlite;

/// <summary>
/// Writes groups to SQLite. A group runs without savepoints, which copy every page that they touch. Only where a write fails after it has changed
/// something is the group rolled back and run again, each write in a savepoint of its own.
/// </summary>
internal sealed partial class SqliteGroupWriter(Func<SqliteSession> open, string path, EvidenceChain evidence, TimeProvider time, ILogger logger) : IGroupWriter<SqliteSession>
{
    private readonly ILogger _logger = logger;
    private SqliteSession? _session;

    public Task<TimeSpan> WriteAsync(IReadOnlyList<PendingWrite<SqliteSession>> group)
    {
        var committing = false;
        try
        {
            DemandFile();
            var session = _session ??= open();
            session.Evidence.Clear();
            session.Execute("BEGIN IMMEDIATE");
            if (!TryRun(session, group))
            {
                session.Evidence.Clear();
                session.Execute("ROLLBACK");
                session.Execute("BEGIN IMMEDIATE");
                RunIsolated(session, group);
            }

            if (session.Evidence.Count > 0)
            {
                session.Complete(evidence.AppendAsync(session.ForRepositories(CancellationToken.None), session.Evidence));
            }

            committing = true;
            var began = time.GetTimestamp();
            session.Execute("COMMIT");
            evidence.Committed();
            return Task.FromResult(time.GetElapsedTime(began));
        }
        catch (Exception error)
        {
            // Closing rolls back what is open.
            CloseSession();
            throw committing ? StorageWriteException.CommitFailed(error) : StorageWriteException.NothingWritten(error);
        }
    }

    /// <summary>Needs new pages, so that it fails where the next record would.</summary>
    public Task<bool> ProbeAsync(SqliteSession session)
    {
        session.Execute("INSERT OR REPLACE INTO grain_state (type_name, grain_key, version, payload) VALUES ('storage_probe', '', 1, zeroblob(65536))");
        session.Execute("UPDATE grain_state SET payload = NULL WHERE type_name = 'storage_probe'");
        return Task.FromResult(true);
    }

    public ValueTask DisposeAsync()
    {
        CloseSession();
        return ValueTask.CompletedTask;
    }

    /// <summary>SQLite would go on writing to a file that was deleted or moved, and what it wrote there would be lost.</summary>
    private void DemandFile()
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"{path} is not there any more; put it back, or stop the monitor and restore a backup");
        }
    }

    /// <returns>False where a write failed and left a trace.</returns>
    private static bool TryRun(SqliteSession session, IReadOnlyList<PendingWrite<SqliteSession>> group)
    {
        foreach (var write in group)
        {
            var changes = session.TotalChanges;
            write.Failure = FailureOf(session, write);
            session.DemandTransaction();
            if (write.Failure is not null && session.TotalChanges != changes)
            {
                return false;
            }
        }

        return true;
    }

    private static void RunIsolated(SqliteSession session, IReadOnlyList<PendingWrite<SqliteSession>> group)
    {
        foreach (var write in group)
        {
            session.Execute("SAVEPOINT one_write");
            write.Failure = FailureOf(session, write);
            if (write.Failure is not null)
            {
                // Where SQLite has rolled back the whole transaction (disk full, I/O error) this throws, and the group is lost.
                session.Execute("ROLLBACK TO one_write");
            }

            session.Execute("RELEASE one_write");
        }
    }

    private static Exception? FailureOf(SqliteSession session, PendingWrite<SqliteSession> write)
    {
        var recorded = session.Evidence.Count;
        try
        {
            session.Complete(write.RunAsync(session));
            return null;
        }
        catch (Exception error)
        {
            session.Evidence.RemoveRange(recorded, session.Evidence.Count - recorded);
            return SqliteFaults.IsOfTheFile(error)
                ? StorageWriteException.NothingWritten(error)
                : error;
        }
    }

    private void CloseSession()
    {
        try
        {
            _session?.Dispose();
        }
        catch (Exception error)
        {
            LogCloseFailed(error);
        }

        _session = null;
    }
}
