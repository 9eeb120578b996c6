using Microsoft.Extensions.Logging;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Pipeline;

/// <summary>
/// Carries changes to their desks: one lane per (partition, desk), or per desk where the feed is ordered across partitions, and one call in
/// flight per lane. What waits behind a call goes together in the next one.
/// </summary>
internal sealed partial class DeskLanes(
    string feed,
    bool isTotallyOrdered,
    Func<string, IDeskRiskGrain> desks,
    IngestOptions options,
    IngestMetrics metrics,
    TimeProvider clock,
    ILogger logger,
    CancellationToken stopping)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(FeedPartition? Partition, string Desk), Lane> _lanes = [];
    private readonly List<Lane> _waiting = [];
    private int _outstanding;
    private TaskCompletionSource? _belowLimit;
    private int _limit;

    /// <summary>What goes with every batch. Only changed while nothing is outstanding.</summary>
    public SnapshotProgress Snapshot { get; set; }

    public FeedState FeedState { get; set; }

    /// <summary>Called after each answer, on any thread.</summary>
    public Action Answered { get; set; } = () => { };

    /// <summary>Puts a change on its lane; <see cref="Send"/> or a full batch sets it moving.</summary>
    public void Add(string desk, PositionChange change, ReadMark mark, DateTimeOffset readAt)
    {
        mark.Add();
        lock (_gate)
        {
            _outstanding++;
            var key = (isTotallyOrdered ? (FeedPartition?)null : change.Delivery.FeedPartition, desk);
            if (!_lanes.TryGetValue(key, out var lane))
            {
                _lanes.Add(key, lane = new Lane(desk));
            }

            if (lane.Queue.Count == 0 && !lane.IsCalling)
            {
                _waiting.Add(lane);
            }

            lane.Queue.Enqueue(new Entry(change, mark, readAt));
        }
    }

    /// <summary>Sets everything that waits moving.</summary>
    public void Send()
    {
        lock (_gate)
        {
            foreach (var lane in _waiting)
            {
                Begin(lane);
            }

            _waiting.Clear();
        }
    }

    /// <summary>Ends when no more than <paramref name="limit"/> changes are without an answer.</summary>
    public Task WaitAsync(int limit)
    {
        Send();
        lock (_gate)
        {
            if (_outstanding <= limit)
            {
                return Task.CompletedTask;
            }

            _limit = limit;
            _belowLimit ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _belowLimit.Task.WaitAsync(stopping);
        }
    }

    /// <summary>Ends when every desk has answered.</summary>
    public Task DrainAsync() => WaitAsync(0);

    private void Begin(Lane lane)
    {
        lane.IsCalling = true;
        _ = Task.Run(() => CallAsync(lane), CancellationToken.None);
    }

    private async Task CallAsync(Lane lane)
    {
        while (!stopping.IsCancellationRequested)
        {
            var batch = Take(lane);
            if (batch.Count == 0)
            {
                return;
            }

            if (!await ApplyAsync(lane.Desk, batch))
            {
                return;
            }

            Settle(batch);
            Answered();
        }
    }

    /// <returns>False when the ingest stops before the desk has answered.</returns>
    private async Task<bool> ApplyAsync(string desk, List<Entry> entries)
    {
        var batch = new DeskBatch
        {
            Feed = feed,
            Changes = entries.ConvertAll(entry => entry.Change),
            Snapshot = Snapshot,
            FeedState = FeedState,
            IngestedAt = entries[0].ReadAt,
        };
        var delay = options.RetryDelay;
        for (var attempt = 1; ; attempt++)
        {
            var began = clock.GetTimestamp();
            try
            {
                await desks(desk).ApplyAsync(batch);
                metrics.Applied(clock.GetElapsedTime(began));
                return true;
            }
            catch (Exception exception) when (!stopping.IsCancellationRequested)
            {
                // Until the desk has answered nobody knows whether it applied the batch; it skips what it has.
                metrics.Retried();
                LogRetry(exception, desk, entries.Count, attempt);
            }
            catch (Exception)
            {
                return false;
            }

            try
            {
                await Task.Delay(delay, clock, stopping);
            }
            catch (OperationCanceledException)
            {
                return false;
            }

            delay = delay * 2 < options.MaxRetryDelay ? delay * 2 : options.MaxRetryDelay;
        }
    }

    private List<Entry> Take(Lane lane)
    {
        lock (_gate)
        {
            var batch = new List<Entry>(Math.Min(lane.Queue.Count, options.MaxBatch));
            while (lane.Queue.TryPeek(out var next) && (batch.Count < options.MaxBatch || IsOfSameTransaction(batch[^1], next)))
            {
                batch.Add(lane.Queue.Dequeue());
            }

            lane.IsCalling = batch.Count > 0;
            return batch;
        }
    }

    private void Settle(List<Entry> batch)
    {
        // Entries of one mark lie together.
        var from = 0;
        for (var i = 1; i <= batch.Count; i++)
        {
            if (i == batch.Count || batch[i].Mark != batch[from].Mark)
            {
                batch[from].Mark.Answered(i - from);
                from = i;
            }
        }

        lock (_gate)
        {
            _outstanding -= batch.Count;
            if (_belowLimit is not null && _outstanding <= _limit)
            {
                _belowLimit.SetResult();
                _belowLimit = null;
            }
        }
    }

    private static bool IsOfSameTransaction(in Entry a, in Entry b) =>
        a.Change.TransactionId is not null && a.Change.TransactionId == b.Change.TransactionId;

    [LoggerMessage(Level = LogLevel.Warning, Message = "Desk {Desk} did not take a batch of {Changes} changes (attempt {Attempt}); it is sent again")]
    private partial void LogRetry(Exception exception, string desk, int changes, int attempt);

    private readonly record struct Entry(PositionChange Change, ReadMark Mark, DateTimeOffset ReadAt);

    private sealed class Lane(string desk)
    {
        public string Desk { get; } = desk;

        public Queue<Entry> Queue { get; } = new();

        public bool IsCalling { get; set; }
    }
}
