using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Pipeline;

/// <summary>
/// Counts what waits, of desks that answer and of those that are stuck, and tells who has to wait for that: everybody for the first, the
/// partitions concerned for the second. Guarded by its owner's lock.
/// </summary>
internal sealed class LaneWaits(IngestOptions options)
{
    private readonly HashSet<Lane> _stuckLanes = [];
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

    /// <summary>May be asked without the lock.</summary>
    public bool IsPaused(FeedPartition? partition) => _paused.Contains(partition);

    /// <summary>Changes came to a lane, or were answered.</summary>
    public void Changed(Lane lane, (int Count, long Bytes) before)
    {
        if (lane.IsStuck)
        {
            _stuck += lane.Count - before.Count;
            _stuckBytes += lane.Bytes - before.Bytes;
            Pause();
            Tell();
        }
        else
        {
            _moving += lane.Count - before.Count;
            _movingBytes += lane.Bytes - before.Bytes;
            Tell();
        }
    }

    public void Stuck(Lane lane)
    {
        _moving -= lane.Count;
        _movingBytes -= lane.Bytes;
        _stuck += lane.Count;
        _stuckBytes += lane.Bytes;
        _stuckLanes.Add(lane);
        Pause();
        Tell();
    }

    public void Unstuck(Lane lane)
    {
        _moving += lane.Count;
        _movingBytes += lane.Bytes;
        _stuck -= lane.Count;
        _stuckBytes -= lane.Bytes;
        _stuckLanes.Remove(lane);
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

    /// <summary>Ends when nothing waits, on lanes that are stuck neither.</summary>
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

    private void Tell()
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

    /// <summary>A lane pauses its partition when too much waits on it, or on all stuck lanes together, and lets it go on at half of that.</summary>
    private void Pause()
    {
        var isFull = IsFull(_stuck, _stuckBytes, options.MaxOutstanding, _paused.Count > 0);
        var paused = _stuckLanes
            .Where(lane => isFull || IsFull(lane.Count, lane.Bytes, options.MaxWaitingPerDesk, IsPaused(lane.Partition)))
            .Select(lane => lane.Partition)
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
