using Microsoft.Extensions.Logging;
using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.Grains.Interfaces;

namespace RiskMonitor.CdcIngest.Pipeline;

/// <summary>Stores how far the feed is done: the newest read mark before which every change has been answered. Then the feed may let go.</summary>
internal sealed partial class Checkpoints
{
    /// <summary>How long the host's stop waits for the last checkpoint.</summary>
    private static readonly TimeSpan s_lastStore = TimeSpan.FromSeconds(3);

    /// <summary>After this a checkpoint that could not be stored is tried again.</summary>
    private static readonly TimeSpan s_retryAfter = TimeSpan.FromSeconds(1);

    private readonly ICheckpointStore _store;
    private readonly IChangeFeed _feed;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly CancellationToken _stopping;
    private readonly Lock _gate = new();
    private readonly Queue<Watermark> _marks = new();
    private readonly SemaphoreSlim _signal = new(0, 1);
    private readonly Task _loop;
    private FeedCheckpoint? _stored;

    /// <summary>Done, and not stored yet.</summary>
    private FeedCheckpoint? _done;
    private bool _isRefused;

    public Checkpoints(ICheckpointStore store, IChangeFeed feed, TimeSpan interval, TimeProvider clock, ILogger logger, CancellationToken stopping)
    {
        _store = store;
        _feed = feed;
        _interval = interval;
        _clock = clock;
        _logger = logger;
        _stopping = stopping;
        _loop = Task.Run(RunAsync, CancellationToken.None);
    }

    /// <summary>Called once when another owner has taken the partitions over.</summary>
    public Action Refused { get; set; } = () => { };

    /// <summary>Called with the commit time of the newest change that is durable.</summary>
    public Action<DateTimeOffset> Applied { get; set; } = _ => { };

    /// <summary>How many watermarks wait for answers.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _marks.Count;
            }
        }
    }

    public void Add(Watermark mark)
    {
        lock (_gate)
        {
            _marks.Enqueue(mark);
        }

        Signal();
    }

    /// <summary>A desk has answered: another watermark may be done.</summary>
    public void Signal()
    {
        if (_signal.CurrentCount == 0)
        {
            try
            {
                _signal.Release();
            }
            catch (SemaphoreFullException)
            {
                // Another thread signalled in between.
            }
        }
    }

    /// <summary>Stores what is done by now.</summary>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        if (DequeueDurable() is { } checkpoint)
        {
            await StoreAsync(checkpoint, cancellationToken);
        }
    }

    /// <summary>Ends the loop, which stops with the run, and stores what was done until then. Neither is waited for longer than the next owner can wait.</summary>
    public async Task StopAsync()
    {
        try
        {
            await _loop.WaitAsync(s_lastStore, _clock);
            await FinishAsync(CancellationToken.None).WaitAsync(s_lastStore, _clock);
        }
        catch (Exception exception)
        {
            LogNotStored(exception, _feed.Name);
        }
    }

    private async Task RunAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await _signal.WaitAsync(_stopping);
                if (DequeueDurable() is { } checkpoint)
                {
                    await StoreAsync(checkpoint, _stopping);
                    Forget(checkpoint);
                    await Task.Delay(_interval, _clock, _stopping);
                    Signal();
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception exception)
            {
                // Nothing is lost: the next checkpoint contains this one, and a restart repeats what was not stored.
                LogNotStored(exception, _feed.Name);
                await Task.Delay(s_retryAfter, _clock, _stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                Signal();
            }
        }
    }

    private FeedCheckpoint? DequeueDurable()
    {
        lock (_gate)
        {
            while (_marks.TryPeek(out var mark) && mark.IsDone)
            {
                _done = _marks.Dequeue().Checkpoint;
            }

            return _done;
        }
    }

    private void Forget(FeedCheckpoint checkpoint)
    {
        lock (_gate)
        {
            _done = ReferenceEquals(_done, checkpoint) ? null : _done;
        }
    }

    private async Task StoreAsync(FeedCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        if (_isRefused || SaysTheSame(checkpoint, _stored))
        {
            return;
        }

        if (!await _store.StoreAsync(checkpoint, cancellationToken))
        {
            _isRefused = true;
            Refused();
            return;
        }

        _stored = checkpoint;
        if (checkpoint.AppliedThrough is { } applied)
        {
            Applied(applied);
        }

        await _feed.CommitAsync(
            checkpoint.Partitions.ToDictionary(partition => partition.Partition, partition => partition.NextOffset), cancellationToken);
    }

    private static bool SaysTheSame(FeedCheckpoint a, FeedCheckpoint? b) =>
        b is not null && a.AppliedThrough == b.AppliedThrough && a.LastSnapshotRow == b.LastSnapshotRow
        && ReferenceEquals(a.Deleted, b.Deleted) && a.DeletesForgotten == b.DeletesForgotten && a.Partitions.SequenceEqual(b.Partitions);
}
