using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace RiskMonitor.Storage.Sqlite;

/// <summary>
/// The only writer of this process: group commit. Whatever waits, up to a maximum, shares one transaction and one fsync; a write that comes
/// alone is committed at once. Each write is isolated by a savepoint: one that fails leaves no trace, the others commit. A write's task ends
/// only after the commit. Writes run in the order in which they were asked for.
/// </summary>
internal sealed partial class SqliteWriter : IAsyncDisposable
{
    /// <summary>How often a database that could not be written is tried again where nobody else does.</summary>
    private static readonly TimeSpan ProbeEvery = TimeSpan.FromSeconds(1);

    private readonly Func<SqliteSession> _open;
    private readonly string _path;
    private readonly Channel<WriteOperation> _queue;
    private readonly int _maxGroup;
    private readonly WriterMetrics _metrics;
    private readonly WriterHealth _health;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SqliteSession? _session;
    private Task<bool>? _waiting;

    public SqliteWriter(Func<SqliteSession> open, SqliteStorageOptions options, WriterMetrics metrics, WriterHealth health, TimeProvider time, ILogger logger)
    {
        _open = open;
        _path = options.DatabasePath;
        _maxGroup = options.MaxGroup;
        _metrics = metrics;
        _health = health;
        _time = time;
        _logger = logger;
        _queue = Channel.CreateBounded<WriteOperation>(new BoundedChannelOptions(options.QueueCapacity) { SingleReader = true });

        // SQLite blocks, so it gets a thread that may.
        new Thread(Run) { IsBackground = true, Name = "SQLite writer" }.Start();
    }

    /// <summary>Queues a write. Cancelling takes it back only before it began.</summary>
    /// <exception cref="StorageWriteException">Its group could not be committed.</exception>
    public Task<T> WriteAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken)
    {
        var operation = new WriteOperation<T>(work, cancellationToken) { AskedAt = _time.GetTimestamp() };
        return _queue.Writer.TryWrite(operation) ? operation.Task : WaitAndWriteAsync(operation, cancellationToken);
    }

    /// <summary>Commits what was queued, then closes.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _stopped.Task;
    }

    private async Task<T> WaitAndWriteAsync<T>(WriteOperation<T> operation, CancellationToken cancellationToken)
    {
        try
        {
            // A full queue takes those who wait in their order, so this keeps it.
            await _queue.Writer.WriteAsync(operation, cancellationToken);
        }
        catch (ChannelClosedException error)
        {
            throw new StorageWriteException("the storage was closed before this write: nothing of it was written", outcomeUnknown: false, error);
        }

        return await operation.Task;
    }

    private void Run()
    {
        var group = new List<WriteOperation>(_maxGroup);
        while (WaitForWork())
        {
            while (group.Count < _maxGroup && _queue.Reader.TryRead(out var operation))
            {
                group.Add(operation);
            }

            if (group.Count == 0)
            {
                group.Add(new WriteOperation<bool>(Probe, CancellationToken.None) { AskedAt = _time.GetTimestamp() });
            }

            CommitGroup(group);
            group.Clear();
        }

        CloseSession();
        _stopped.SetResult();
    }

    private bool WaitForWork()
    {
        // A wait that ended for a probe goes on as the next one.
        var waiting = _waiting ?? _queue.Reader.WaitToReadAsync().AsTask();
        _waiting = waiting;
        if (_health.IsFailing && !waiting.Wait(ProbeEvery))
        {
            return true;
        }

        _waiting = null;
        return waiting.GetAwaiter().GetResult();
    }

    /// <summary>Needs new pages, so that it fails where the next record would.</summary>
    private static bool Probe(SqliteSession session)
    {
        session.Execute("INSERT OR REPLACE INTO grain_state (type_name, grain_key, version, payload) VALUES ('storage_probe', '', 1, zeroblob(65536))");
        session.Execute("UPDATE grain_state SET payload = NULL WHERE type_name = 'storage_probe'");
        return true;
    }

    private void CommitGroup(List<WriteOperation> group)
    {
        var committing = false;
        _health.Began(group[0].AskedAt);
        try
        {
            DemandFile();
            var session = _session ??= _open();
            session.Execute("BEGIN IMMEDIATE");
            foreach (var operation in group)
            {
                RunIsolated(session, operation);
            }

            committing = true;
            var begun = _time.GetTimestamp();
            session.Execute("COMMIT");
            _metrics.Committed(group.Count, _time.GetElapsedTime(begun));
        }
        catch (Exception error)
        {
            LogGroupLost(group.Count, committing, error);
            CloseSession();
            NoteFailure(error);
            FailGroup(group, committing, error);
            return;
        }

        if (group.Find(operation => operation.Failure is StorageWriteException) is { Failure: { } failure })
        {
            NoteFailure(failure);
        }
        else if (_health.Succeeded())
        {
            LogWritable();
        }

        foreach (var operation in group)
        {
            operation.Complete();
        }
    }

    /// <summary>A file that was deleted or moved would go on taking what is written, and nobody would find it again.</summary>
    private void DemandFile()
    {
        if (!File.Exists(_path))
        {
            throw new FileNotFoundException($"{_path} is not there any more; put it back, or stop the monitor and restore a backup");
        }
    }

    private static void RunIsolated(SqliteSession session, WriteOperation operation)
    {
        if (operation.IsCancelled)
        {
            operation.Failure = new OperationCanceledException();
            return;
        }

        session.Execute("SAVEPOINT operation");
        try
        {
            operation.Run(session);
        }
        catch (Exception error)
        {
            // Where SQLite has given up the whole transaction (disk full, I/O error) this throws, and the group is lost.
            session.Execute("ROLLBACK TO operation");
            operation.Failure = IsOfTheFile(error)
                ? new StorageWriteException($"the database could not be written ({error.Message}): nothing was written; repeat it", outcomeUnknown: false, error)
                : error;
        }

        session.Execute("RELEASE operation");
    }

    private void NoteFailure(Exception error)
    {
        if (_health.Failed())
        {
            LogFailing(error.Message);
        }
    }

    /// <summary>No fault of the write: the same one may succeed later.</summary>
    private static bool IsOfTheFile(Exception error) => error is SqliteException
    {
        SqliteErrorCode: SQLitePCL.raw.SQLITE_FULL or SQLitePCL.raw.SQLITE_IOERR or SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_CANTOPEN
            or SQLitePCL.raw.SQLITE_NOMEM or SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED or SQLitePCL.raw.SQLITE_CORRUPT
    };

    private static void FailGroup(List<WriteOperation> group, bool committing, Exception error)
    {
        var message = committing
            ? $"the commit failed ({error.Message}): nobody knows whether the write is there; load again before repeating it"
            : $"the database could not be written ({error.Message}): nothing was written; repeat it";
        foreach (var operation in group)
        {
            operation.Fail(new StorageWriteException(message, committing, error));
        }
    }

    /// <summary>Closing rolls back what is open; the next group begins on a new connection.</summary>
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
