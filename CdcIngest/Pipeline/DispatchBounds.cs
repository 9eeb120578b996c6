using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Pipeline;

/// <summary>
/// Counts the changes that wait, apart for desks that answer and for those that are stuck. Too many of the first kind stop the reading of all
/// partitions; too many of the second stop only their partitions. Guarded by its owner's lock.
/// </summary>
internal sealed class DispatchBounds(IngestOptions options)
{
    private readonly HashSet<DeskQueue> _stuckQueues = [];
    private long _moving;
    private long _movingBytes;
    private long _stuck;
    private long _stuckBytes;
    private long _limit;
    private TaskCompletionSource? _below;
    private TaskCompletionSource? _empty;
    private TaskCompletionSource? _resumed;
    private IReadOnlyList<FeedPartition?> _resumes = [];
    private volatile IReadOnlySet<FeedPartition?> _paused = new HashSet<FeedPartition?>();

    /// <summary>Size in memory, roughly, of the changes of desks that answer.</summary>
    public long MovingBytes => _movingBytes;

    /// <summary>May be asked without the lock.</summary>
    public bool IsPaused(FeedPartition? partition) => _paused.Contains(partition);

    /// <summary>Changes came to a queue, or were answered.</summary>
    public void Changed(DeskQueue queue, (int Count, long Bytes) before)
    {
        if (queue.IsStuck)
        {
            _stuck += queue.Count - before.Count;
            _stuckBytes += queue.Bytes - before.Bytes;
            Pause();
            RaiseChanged();
        }
        else
        {
            _moving += queue.Count - before.Count;
            _movingBytes += queue.Bytes - before.Bytes;
            RaiseChanged();
        }
    }

    public void Stuck(DeskQueue queue)
    {
        _moving -= queue.Count;
        _movingBytes -= queue.Bytes;
        _stuck += queue.Count;
        _stuckBytes += queue.Bytes;
        _stuckQueues.Add(queue);
        Pause();
        RaiseChanged();
    }

    public void Unstuck(DeskQueue queue)
    {
        _moving += queue.Count;
        _movingBytes += queue.Bytes;
        _stuck -= queue.Count;
        _stuckBytes -= queue.Bytes;
        _stuckQueues.Remove(queue);
        Pause();
    }

    /// <summary>Ends when no more than a number of changes, and no more than the bytes allowed, are moving.</summary>
    public Task BelowAsync(long limit)
    {
        if (IsBelow(limit))
        {
            return Task.CompletedTask;
        }

        _limit = limit;
        _below ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _below.Task;
    }

    /// <summary>Ends when nothing waits, on queues that are stuck neither.</summary>
    public Task EmptyAsync()
    {
        if (_moving + _stuck == 0)
        {
            return Task.CompletedTask;
        }

        _empty ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _empty.Task;
    }

    /// <summary>Ends when one of them is no longer paused.</summary>
    public Task WhenResumedAsync(IReadOnlyList<FeedPartition?> partitions)
    {
        if (partitions.Any(partition => !IsPaused(partition)))
        {
            return Task.CompletedTask;
        }

        _resumes = partitions;
        _resumed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _resumed.Task;
    }

    private bool IsBelow(long limit) => _moving <= limit && (_moving == 0 || _movingBytes <= options.MaxWaitingBytes);

    private void RaiseChanged()
    {
        if (_below is not null && IsBelow(_limit))
        {
            _below.SetResult();
            _below = null;
        }

        if (_empty is not null && _moving + _stuck == 0)
        {
            _empty.SetResult();
            _empty = null;
        }
    }

    /// <summary>A queue pauses its partition when too much waits on it, or on all stuck queues together, and lets it go on at half of that.</summary>
    private void Pause()
    {
        var isFull = IsFull(_stuck, _stuckBytes, options.MaxOutstanding, _paused.Count > 0);
        var paused = _stuckQueues
            .Where(queue => isFull || IsFull(queue.Count, queue.Bytes, options.MaxWaitingPerDesk, IsPaused(queue.Partition)))
            .Select(queue => queue.Partition)
            .ToHashSet();
        if (paused.SetEquals(_paused))
        {
            return;
        }

        _paused = paused;
        if (_resumed is not null && _resumes.Any(partition => !paused.Contains(partition)))
        {
            _resumed.SetResult();
            _resumed = null;
        }

        bool IsFull(long count, long bytes, long most, bool isPaused) =>
            count >= (isPaused ? most / 2 : most) || bytes >= (isPaused ? options.MaxWaitingBytes / 2 : options.MaxWaitingBytes);
    }
}
