using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace RiskMonitor.Storage.Writing;

/// <summary>
/// Group commit: all writes that wait, up to a maximum, share one transaction, and a write that comes alone is committed at once. Writes run in the
/// order in which they were queued. A write's task ends only after the commit. The database does its part in <see cref="IGroupWriter{TSession}"/>.
/// </summary>
internal sealed partial class GroupCommitter<TSession> : IAsyncDisposable
{
    /// <summary>How often a database that could not be written is tried again where no write comes.</summary>
    private static readonly TimeSpan s_probeEvery = TimeSpan.FromSeconds(1);

    private readonly IGroupWriter<TSession> _writer;
    private readonly Channel<PendingWrite<TSession>> _queue;
    private readonly int _maxGroup;
    private readonly WriterMetrics _metrics;
    private readonly WriterHealth _health;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Task _ended;
    private Task<bool>? _waiting;

    /// <param name="queueCapacity">The most writes that wait; the callers of more wait to queue theirs.</param>
    /// <param name="scheduler">Runs the writer. A database whose calls block brings a thread of its own.</param>
    public GroupCommitter(
        IGroupWriter<TSession> writer,
        int maxGroup,
        int queueCapacity,
        WriterMetrics metrics,
        WriterHealth health,
        TimeProvider time,
        ILogger logger,
        TaskScheduler scheduler)
    {
        _writer = writer;
        _maxGroup = maxGroup;
        _metrics = metrics;
        _health = health;
        _time = time;
        _logger = logger;
        _queue = Channel.CreateBounded<PendingWrite<TSession>>(new BoundedChannelOptions(queueCapacity) { SingleReader = true });
        _ended = Task.Factory.StartNew(RunAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler).Unwrap();
    }

    /// <summary>Queues a write before it returns, unless the queue is full. Cancelling ends the write only before it began.</summary>
    /// <exception cref="StorageWriteException">The group of the write could not be committed.</exception>
    public Task<T> WriteAsync<T>(Func<TSession, Task<T>> work, CancellationToken cancellationToken)
    {
        var write = new PendingWrite<TSession, T>(work, cancellationToken) { AskedAt = _time.GetTimestamp() };
        return _queue.Writer.TryWrite(write) ? write.Task : WaitAndWriteAsync(write, cancellationToken);
    }

    /// <summary>Commits what was queued, then closes the writer.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _ended;
    }

    private async Task<T> WaitAndWriteAsync<T>(PendingWrite<TSession, T> write, CancellationToken cancellationToken)
    {
        try
        {
            // A full queue accepts those who wait in their order, so this keeps the order of the calls.
            await _queue.Writer.WriteAsync(write, cancellationToken);
        }
        catch (ChannelClosedException error)
        {
            throw new StorageWriteException("the storage was closed before this write: nothing of it was written", outcomeUnknown: false, error);
        }

        return await write.Task;
    }

    private async Task RunAsync()
    {
        var group = new List<PendingWrite<TSession>>(_maxGroup);
        while (await WaitForWorkAsync())
        {
            while (group.Count < _maxGroup && _queue.Reader.TryRead(out var write))
            {
                if (!write.TryCancel())
                {
                    group.Add(write);
                }
            }

            if (group.Count == 0 && _health.IsFailing)
            {
                group.Add(new PendingWrite<TSession, bool>(_writer.ProbeAsync, CancellationToken.None) { AskedAt = _time.GetTimestamp() });
            }

            if (group.Count > 0)
            {
                await CommitAsync(group);
                group.Clear();
            }
        }

        await _writer.DisposeAsync();
    }

    /// <returns>False when the queue is closed and empty. Also true when writes fail and a probe is due.</returns>
    private async ValueTask<bool> WaitForWorkAsync()
    {
        if (_waiting is null && !_health.IsFailing)
        {
            return await _queue.Reader.WaitToReadAsync();
        }

        // A wait that ended for a probe is continued by the next call.
        _waiting ??= _queue.Reader.WaitToReadAsync().AsTask();
        if (_health.IsFailing && await Task.WhenAny(_waiting, Task.Delay(s_probeEvery, _time)) != _waiting)
        {
            return true;
        }

        var hasWork = await _waiting;
        _waiting = null;
        return hasWork;
    }

    private async Task CommitAsync(List<PendingWrite<TSession>> group)
    {
        _health.Began(group[0].AskedAt);
        try
        {
            var took = await _writer.WriteAsync(group);
            _metrics.Committed(group.Count, took);
        }
        catch (StorageWriteException lost)
        {
            LogGroupLost(group.Count, lost.OutcomeUnknown, lost);
            NoteFailure(lost.InnerException ?? lost);
            foreach (var write in group)
            {
                write.Fail(new StorageWriteException(lost.Message, lost.OutcomeUnknown, lost.InnerException));
            }

            return;
        }

        if (group.Find(write => write.Failure is StorageWriteException) is { Failure: { } failure })
        {
            NoteFailure(failure);
        }
        else if (_health.Succeeded())
        {
            LogWritable();
        }

        foreach (var write in group)
        {
            write.Complete();
        }
    }

    private void NoteFailure(Exception error)
    {
        if (_health.Failed())
        {
            LogFailing(error.Message);
        }
    }
}
