using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace RiskMonitor.Storage.Sqlite;

/// <summary>
/// The only writer of this process: group commit. Whatever waits, up to a maximum, shares one transaction and one fsync; a write that comes
/// alone is committed at once. Each write is isolated by a savepoint: one that fails leaves no trace, the others commit. A write's task ends
/// only after the commit. Writes run in the order in which they were asked for.
/// </summary>
internal sealed partial class SqliteWriter : IAsyncDisposable
{
    private readonly Func<SqliteSession> _open;
    private readonly Channel<WriteOperation> _queue;
    private readonly int _maxGroup;
    private readonly WriterMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SqliteSession? _session;

    public SqliteWriter(Func<SqliteSession> open, SqliteStorageOptions options, WriterMetrics metrics, TimeProvider time, ILogger logger)
    {
        _open = open;
        _maxGroup = options.MaxGroup;
        _metrics = metrics;
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
        var operation = new WriteOperation<T>(work, cancellationToken);
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

            CommitGroup(group);
            group.Clear();
        }

        CloseSession();
        _stopped.SetResult();
    }

    private bool WaitForWork()
    {
        var waiting = _queue.Reader.WaitToReadAsync();
        return waiting.IsCompletedSuccessfully ? waiting.Result : waiting.AsTask().GetAwaiter().GetResult();
    }

    private void CommitGroup(List<WriteOperation> group)
    {
        var committing = false;
        try
        {
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
            FailGroup(group, committing, error);
            return;
        }

        foreach (var operation in group)
        {
            operation.Complete();
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
            operation.Failure = error;
        }

        session.Execute("RELEASE operation");
    }

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
