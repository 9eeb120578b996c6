using Microsoft.Data.Sqlite;

namespace RiskMonitor.Storage.Sqlite;

/// <summary>A read that waits for a connection or runs on one. A caller that cancels is answered at once, and the statement is interrupted.</summary>
internal abstract class ReadOperation
{
    private readonly Lock _lock = new();
    private SqliteSession? _session;
    private string? _problem;

    /// <summary>When it was asked for, by the time provider's timestamp.</summary>
    public long AskedAt { get; init; }

    /// <summary>It was ended before its end.</summary>
    public bool IsInterrupted { get; private set; }

    /// <returns>False where the connection is not to be used again.</returns>
    public bool Run(SqliteSession session)
    {
        lock (_lock)
        {
            if (IsInterrupted)
            {
                return true;
            }

            _session = session;
        }

        try
        {
            Read(session);
            return true;
        }
        catch (SqliteException error) when (error.SqliteErrorCode == SQLitePCL.raw.SQLITE_INTERRUPT && IsInterrupted)
        {
            Fail(new TimeoutException(_problem ?? "the read was given up", error));
            return true;
        }
        catch (Exception error)
        {
            Fail(error);
            // The state of the connection is unknown, so it is not used again.
            return error is not SqliteException;
        }
        finally
        {
            lock (_lock)
            {
                _session = null;
            }
        }
    }

    /// <summary>Ends the read, wherever it stands.</summary>
    public void Interrupt(string? problem)
    {
        lock (_lock)
        {
            _problem ??= problem;
            IsInterrupted = true;
            // Under the lock: the connection may already run another read.
            _session?.Interrupt();
        }
    }

    public abstract void Fail(Exception error);

    protected abstract void Read(SqliteSession session);
}

internal sealed class ReadOperation<T>(Func<SqliteSession, T> read) : ReadOperation
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Task => _done.Task;

    public override void Fail(Exception error) => _done.TrySetException(error);

    public void Cancel(CancellationToken cancellationToken)
    {
        _done.TrySetCanceled(cancellationToken);
        Interrupt(null);
    }

    protected override void Read(SqliteSession session) => _done.TrySetResult(read(session));
}
