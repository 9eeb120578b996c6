namespace RiskMonitor.Storage.Writing;

/// <summary>A write that waits for its commit.</summary>
/// <typeparam name="TSession">A connection of the database, inside the group's transaction.</typeparam>
internal abstract class PendingWrite<TSession>(CancellationToken cancellationToken)
{
    /// <summary>When it was queued, by the time provider's timestamp.</summary>
    public long AskedAt { get; init; }

    /// <summary>Why the write left no trace; null where it is to be committed.</summary>
    public Exception? Failure { get; set; }

    protected CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>Runs the write. It may run again in another transaction, where the first one was rolled back because of another write.</summary>
    public abstract Task RunAsync(TSession session);

    /// <summary>Ends the write without running it, where its caller has cancelled it.</summary>
    public abstract bool TryCancel();

    /// <summary>Answers the caller after the commit: with the result, or with <see cref="Failure"/>.</summary>
    public abstract void Complete();

    /// <summary>Answers the caller that the group was lost.</summary>
    public abstract void Fail(Exception error);
}

/// <inheritdoc cref="PendingWrite{TSession}"/>
internal sealed class PendingWrite<TSession, T>(Func<TSession, Task<T>> work, CancellationToken cancellationToken) : PendingWrite<TSession>(cancellationToken)
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T _result = default!;

    public Task<T> Task => _done.Task;

    public override async Task RunAsync(TSession session) => _result = await work(session);

    public override bool TryCancel()
    {
        if (!CancellationToken.IsCancellationRequested)
        {
            return false;
        }

        _done.SetCanceled(CancellationToken);
        return true;
    }

    public override void Complete()
    {
        if (Failure is null)
        {
            _done.SetResult(_result);
        }
        else
        {
            _done.SetException(Failure);
        }
    }

    public override void Fail(Exception error) => _done.SetException(error);
}
