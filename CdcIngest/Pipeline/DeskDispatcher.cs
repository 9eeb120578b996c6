using Microsoft.Extensions.Logging;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Pipeline;

/// <summary>
/// Carries changes to their desks: one queue per (partition, desk), or per desk where the feed is ordered across partitions, and one call in
/// flight per queue. The number of calls is limited, and what waits goes together in the next call, so that a backlog makes calls and journal records
/// large. A desk that does not answer holds up its own queue: what waits on it is bounded by pausing the partitions concerned. A desk that is
/// unavailable takes nothing: its changes are set aside, and it is unproven.
/// </summary>
internal sealed partial class DeskDispatcher(
    string feed,
    bool isTotallyOrdered,
    Func<string, IDeskRiskGrain> desks,
    IngestOptions options,
    IngestMetrics metrics,
    TimeProvider clock,
    ILogger logger,
    CancellationToken stopping)
{
    /// <summary>A call that takes longer gives its permit back, so that desks that hang do not hold up the others.</summary>
    private static readonly TimeSpan s_permitTime = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly Dictionary<(FeedPartition? Partition, string Desk), DeskQueue> _queues = [];
    private readonly Queue<DeskQueue> _waiting = [];
    private readonly DispatchBounds _bounds = new(options);

    /// <summary>Calls that hold one of the <see cref="IngestOptions.MaxCalls"/> permits.</summary>
    private int _permits;

    /// <summary>The feed's state as it holds for all desks but the doubtful ones.</summary>
    public FeedState FeedState { get; set; }

    /// <summary>Desks of which something could not be read or applied.</summary>
    public IReadOnlySet<string> Doubtful { get; set; } = new HashSet<string>();

    /// <summary>Ends when the run does.</summary>
    public CancellationToken Stopping => stopping;

    /// <summary>Called after each answer, on any thread.</summary>
    public Action Answered { get; set; } = () => { };

    /// <summary>Makes it durable that changes of a desk from a delivery on are set aside.</summary>
    public Func<string, Task> SetAside { get; set; } = _ => Task.CompletedTask;

    /// <summary>Desks that have not taken what was read for them.</summary>
    public IReadOnlyList<string> Stuck
    {
        get
        {
            lock (_gate)
            {
                return [.. _queues.Values.Where(queue => queue.IsStuck).Select(queue => queue.Desk).Distinct(StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Passes on that the feed's snapshots have changed, for desks that are stuck. Other desks learn of it with their next changes.</summary>
    public void OnSnapshot(SnapshotProgress progress, bool isCompleted)
    {
        lock (_gate)
        {
            foreach (var queue in _queues.Values.Where(queue => queue.MissedCompletion is not null || (isCompleted && queue.IsStuck)))
            {
                queue.MissedCompletion = progress;
            }
        }
    }

    /// <summary>Puts a change on its desk's queue; <see cref="Send"/> begins the calls.</summary>
    public void Add(string desk, PositionChange change, ReadState read)
    {
        read.Watermark.Add();
        lock (_gate)
        {
            var partition = isTotallyOrdered ? (FeedPartition?)null : change.Delivery.FeedPartition;
            if (!_queues.TryGetValue((partition, desk), out var queue))
            {
                _queues.Add((partition, desk), queue = new DeskQueue(desk, partition));
            }

            if (queue is { Count: 0, IsCalling: false })
            {
                _waiting.Enqueue(queue);
            }

            var before = (queue.Count, queue.Bytes);
            queue.Add(new QueuedChange(change, read));
            _bounds.Changed(queue, before);
        }
    }

    /// <summary>
    /// Begins calls for queues that have changes and no call, the longest waiting first, as far as permits go. Without a backlog every queue is called
    /// at once; with one, queues grow while they wait for a permit, and so do the calls and the journal records that they become.
    /// </summary>
    public void Send()
    {
        lock (_gate)
        {
            while (_permits < options.MaxCalls && _waiting.TryDequeue(out var queue))
            {
                Begin(queue);
            }
        }
    }

    /// <summary>Ends when no more than <paramref name="limit"/> changes are without an answer, those of desks that are stuck not counted.</summary>
    public Task WaitAsync(int limit)
    {
        Send();
        lock (_gate)
        {
            return _bounds.BelowAsync(limit).WaitAsync(stopping);
        }
    }

    /// <summary>Ends when every desk has answered, also those that are stuck.</summary>
    public Task FinishAsync()
    {
        Send();
        lock (_gate)
        {
            return _bounds.EmptyAsync().WaitAsync(stopping);
        }
    }

    /// <summary>Ends when every desk has answered that is not stuck.</summary>
    public Task DrainAsync() => WaitAsync(0);

    /// <summary>Whether too many changes wait for a desk that is stuck, so that nothing more of this partition may be added.</summary>
    public bool IsPaused(FeedPartition partition) => _bounds.IsPaused(isTotallyOrdered ? null : partition);

    /// <summary>Ends when one of the partitions, or, in a feed that is ordered across them, all are no longer paused.</summary>
    public Task WhenResumedAsync(IReadOnlyCollection<FeedPartition> partitions)
    {
        Send();
        lock (_gate)
        {
            return _bounds.WhenResumedAsync(isTotallyOrdered ? [null] : [.. partitions.Select(partition => (FeedPartition?)partition)]).WaitAsync(stopping);
        }
    }

    /// <summary>Marks desks that do not answer as stuck, and reports which changes wait.</summary>
    public DispatchReport Report()
    {
        var now = clock.GetTimestamp();
        lock (_gate)
        {
            foreach (var queue in _queues.Values)
            {
                var elapsed = queue.IsCalling ? clock.GetElapsedTime(queue.CalledAt, now) : TimeSpan.Zero;
                if (!queue.IsStuck && elapsed >= options.StuckAfter)
                {
                    BecomeStuck(queue);
                }

                if (elapsed >= s_permitTime)
                {
                    ReturnPermit(queue);
                }
            }

            Send();
            return DispatchReport.Of(_queues.Values.Where(queue => queue.Count > 0));
        }
    }

    private void Begin(DeskQueue queue)
    {
        if (!queue.IsCalling && queue.BeginCall(options.MaxBatch, clock.GetTimestamp()) is { } call)
        {
            queue.HasPermit = true;
            _permits++;
            _ = Task.Run(() => CallAsync(queue, call), CancellationToken.None);
        }
    }

    private async Task CallAsync(DeskQueue queue, DeskCall call)
    {
        if (await ApplyAsync(queue, call))
        {
            Confirm(queue);
            Answered();
        }
    }

    /// <returns>False when the ingest stops before the desk has answered.</returns>
    private async Task<bool> ApplyAsync(DeskQueue queue, DeskCall call)
    {
        var delay = options.RetryDelay;
        for (var attempt = 1; ; attempt++)
        {
            var began = clock.GetTimestamp();
            using var activity = IngestTracing.BeginApplying(call.Traces, call.Changes.Count);
            try
            {
                var applied = desks(queue.Desk).ApplyAsync(new DeskBatch
                {
                    Feed = feed,
                    Changes = call.Changes,
                    Snapshot = call.Snapshot,
                    FeedState = StateOf(queue.Desk),
                    IngestedAt = call.ReadAt ?? clock.GetUtcNow(),
                });
                await (options.CallTimeout is { } timeout ? applied.WaitAsync(timeout, clock, stopping) : applied);
                metrics.Applied(clock.GetElapsedTime(began));
                return true;
            }
            catch (DeskUnavailableException) when (!stopping.IsCancellationRequested)
            {
                if (await TrySetAsideAsync(queue.Desk, call.Changes.Count))
                {
                    return true;
                }
            }
            catch (Exception exception) when (!stopping.IsCancellationRequested)
            {
                // Until the desk answers it is unknown whether it applied the batch; it skips what it has.
                metrics.Retried();
                LogRetry(exception, queue.Desk, call.Changes.Count, attempt);
            }
            catch (Exception)
            {
                return false;
            }

            Failed(queue);
            try
            {
                await Task.Delay(delay, clock, stopping);
            }
            catch (OperationCanceledException)
            {
                return false;
            }

            delay = RetryDelay.After(delay, options.MaxRetryDelay);
        }
    }

    private FeedState StateOf(string desk) => FeedState is FeedState.Live or FeedState.Stale && Doubtful.Contains(desk) ? FeedState.Unproven : FeedState;

    /// <summary>Changes of an unavailable desk would wait for an operator, and everybody else's behind them. Its repair reads the table anew.</summary>
    private async Task<bool> TrySetAsideAsync(string desk, int changes)
    {
        try
        {
            await SetAside(desk);
            metrics.SetAside(changes);
            return true;
        }
        catch (Exception exception)
        {
            LogNotSetAside(exception, desk);
            return false;
        }
    }

    private void Failed(DeskQueue queue)
    {
        lock (_gate)
        {
            queue.Failures++;
            ReturnPermit(queue);
            if (!queue.IsStuck && clock.GetElapsedTime(queue.CalledAt) >= options.StuckAfter)
            {
                BecomeStuck(queue);
            }

            Send();
        }
    }

    private void ReturnPermit(DeskQueue queue)
    {
        if (queue.HasPermit)
        {
            queue.HasPermit = false;
            _permits--;
        }
    }

    private void BecomeStuck(DeskQueue queue)
    {
        LogStuck(queue.Desk, queue.PartitionOfOldest?.ToString() ?? feed, queue.Count);
        metrics.Waiting(1);
        queue.IsStuck = true;
        _bounds.Stuck(queue);
    }

    private void Confirm(DeskQueue queue)
    {
        lock (_gate)
        {
            var before = (queue.Count, queue.Bytes);
            queue.Confirm();
            _bounds.Changed(queue, before);
            if (queue.IsStuck)
            {
                queue.IsStuck = false;
                metrics.Waiting(-1);
                _bounds.Unstuck(queue);
                LogUnstuck(queue.Desk, queue.Count);
            }

            ReturnPermit(queue);
            if (queue.Count > 0 || queue.MissedCompletion is not null)
            {
                _waiting.Enqueue(queue);
            }

            Send();
        }
    }
}
