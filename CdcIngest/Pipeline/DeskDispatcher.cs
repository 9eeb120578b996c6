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

    private bool _hasEnded;

    /// <summary>More is being read: calls begin only once enough waits.</summary>
    private bool _gathers;

    /// <summary>How much that is: less than what stops the reading.</summary>
    private readonly int _enough = Math.Min(options.GatherUpTo, options.MaxOutstanding / 2);

    /// <summary>Changes that are in no call yet.</summary>
    private long _gathered;

    /// <summary>The feed's state as it holds for all desks but the doubtful ones.</summary>
    public FeedState FeedState { get; set; }

    /// <summary>Desks of which something could not be read or applied.</summary>
    public IReadOnlySet<string> DoubtfulDesks { get; set; } = new HashSet<string>();

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
                _queues.Add((partition, desk), queue = new DeskQueue(desk, partition, desks(desk)));
            }

            if (queue is { Count: 0, IsCalling: false })
            {
                Enqueue(queue);
            }

            var before = (queue.Count, queue.Bytes);
            queue.Add(new QueuedChange(change, read));
            _gathered++;
            _bounds.Changed(queue, before);
        }
    }

    /// <summary>
    /// Begins calls for queues that have changes and no call, the longest waiting first, as far as permits go. Without a backlog every queue is called
    /// at once; with one, queues grow while they wait for others and for a permit, and so do the calls and the journal records that they become.
    /// </summary>
    public void Send()
    {
        lock (_gate)
        {
            while (_permits < options.MaxCalls && HasEnough() && _waiting.TryDequeue(out var queue))
            {
                Begin(queue);
            }
        }
    }

    /// <summary>Ends when no more than <paramref name="limit"/> changes are without an answer, those of desks that are stuck not counted.</summary>
    /// <param name="gathers">More is being read, for which the changes may wait (<see cref="IngestOptions.GatherUpTo"/>).</param>
    public Task WaitAsync(int limit, bool gathers = false)
    {
        SendAll(gathers);
        lock (_gate)
        {
            return _bounds.BelowAsync(limit).WaitAsync(stopping);
        }
    }

    /// <summary>Ends when every desk has answered, also those that are stuck.</summary>
    public Task FinishAsync()
    {
        SendAll();
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

    /// <summary>The run has ended: desks that it waited for are counted no more.</summary>
    public void End()
    {
        lock (_gate)
        {
            if (!_hasEnded)
            {
                _hasEnded = true;
                metrics.Waiting(-_queues.Values.Count(queue => queue.IsStuck));
            }
        }
    }

    private void SendAll(bool gathers = false)
    {
        lock (_gate)
        {
            _gathers = gathers;
            Send();
        }
    }

    private bool HasEnough() =>
        !_gathers
        || _gathered >= _enough
        || _bounds.MovingBytes >= options.MaxWaitingBytes / 2
        || (_waiting.TryPeek(out var first) && clock.GetElapsedTime(first.WaitsSince) >= first.Patience);

    private void Enqueue(DeskQueue queue)
    {
        queue.WaitsSince = clock.GetTimestamp();
        _waiting.Enqueue(queue);
    }

    private void Begin(DeskQueue queue)
    {
        if (!queue.IsCalling && queue.BeginCall(options.MaxBatch, clock.GetTimestamp()) is { } call)
        {
            _gathered -= call.Changes.Count;
            queue.HasPermit = true;
            _permits++;
            _ = Task.Run(() => CallAsync(queue, call), CancellationToken.None);
        }
    }
}
