namespace RiskMonitor.Storage.Sqlite;

/// <summary>A write that waits for its commit.</summary>
internal abstract class WriteOperation(CancellationToken cancellationToken)
{
    /// <summary>When it was asked for, by the time provider's timestamp.</summary>
    public long AskedAt { get; init; }

    /// <summary>The caller gave up before it began.</summary>
    public bool IsCancelled => CancellationToken.IsCancellationRequested;

    /// <summary>Why it left no trace; null when it did.</summary>
    public Exception? Failure { get; set; }

    protected CancellationToken CancellationToken { get; } = cancellationToken;

    public abstract void Run(SqliteSession session);

    /// <summary>The group is committed: tells the caller.</summary>
    public abstract void Complete();

    /// <summary>The group was lost.</summary>
    public abstract void Fail(Exception error);
}

internal sealed class WriteOperation<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken) : WriteOperation(cancellationToken)
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T _result = default!;

    public Task<T> Task => _done.Task;

    public override void Run(SqliteSession session) => _result = work(session);

    public override void Complete()
    {
        switch (Failure)
        {
            case null:
                _done.SetResult(_result);
                break;
            case OperationCanceledException:
                _done.SetCanceled(CancellationToken);
                break;
            default:
                _done.SetException(Failure);
                break;
        }
    }

    public override void Fail(Exception error) => _done.SetException(error);
}
