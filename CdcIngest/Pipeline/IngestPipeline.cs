using Microsoft.Extensions.Logging;
using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Pipeline;

/// <summary>
/// Takes a feed's messages to the desks: decodes, drops repeats, finds every desk that a change concerns, and stores offsets once all of them
/// have answered. One run owns all its partitions; a new run goes on from what the last one stored.
/// </summary>
/// <param name="owned">The one partition that this pipeline reads, where others read the rest of the feed; null: it reads all of them.</param>
internal sealed partial class IngestPipeline(
    IChangeFeed feed,
    IFeedGrain feedGrain,
    Func<string, IDeskRiskGrain> desks,
    DebeziumDecoder decoder,
    IPositionDirectory directory,
    IDeadLetterStore deadLetters,
    IngestOptions options,
    IngestMetrics metrics,
    TimeProvider clock,
    ILogger logger,
    OwnedPartition? owned = null)
{
    private readonly Dictionary<FeedPartition, PartitionOrder> _partitions = [];
    private readonly PositionOwnership _ownership = new();

    /// <summary>The partition of the last message; most often that of the next one, too.</summary>
    private PartitionOrder? _lastPartition;
    private readonly EventCounts _counts = new(metrics);

    /// <summary>Partitions that were not read on because a desk is stuck.</summary>
    private readonly HashSet<FeedPartition> _skipped = [];
    private IReadOnlyList<FeedPartition> _allPartitions = [];
    private PartitionLiveness _liveness = null!;
    private DeskDispatcher _dispatcher = null!;
    private Checkpoints? _checkpoints;
    private SnapshotReading _snapshot = null!;
    private Watermark _watermark = new();
    private bool _isRefused;

    /// <summary>What this pipeline reads, for the metrics.</summary>
    private FeedPartition Read => owned?.Partition ?? new FeedPartition(feed.Name, -1);

    /// <summary>Runs until cancelled, or until the end of a feed that has one.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reporting = Task.CompletedTask;
        try
        {
            var from = await OpenAsync(stopping);
            reporting = ReportPeriodicallyAsync(stopping.Token);
            do
            {
                await ReadAsync(from, stopping.Token);
                from = _partitions.Values.ToDictionary(partition => partition.Partition, partition => partition.NextOffset);
            }
            while (await ResumeSkippedAsync());

            await EndAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (_isRefused && !cancellationToken.IsCancellationRequested)
        {
            throw new CheckpointRefusedException(feed.Name);
        }
        finally
        {
            await stopping.CancelAsync();
            await reporting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            metrics.Forget(Read);
            _liveness?.End();
            _dispatcher?.End();
            if (_checkpoints is not null)
            {
                await _checkpoints.StopAsync();
            }
        }
    }

    /// <summary>Reads until the feed ends, or until a partition that was paused may go on: then it is read again from where it was left.</summary>
    private async Task ReadAsync(IReadOnlyDictionary<FeedPartition, long> from, CancellationToken cancellationToken)
    {
        await foreach (var batch in feed.ReadAsync(from, cancellationToken))
        {
            await ProcessAsync(batch, cancellationToken);
            if (_skipped.Any(partition => !_dispatcher.IsPaused(partition)))
            {
                return;
            }
        }
    }

    /// <summary>Partitions of which messages were left unread are to be read on, once one of them may.</summary>
    /// <returns>False where there are none.</returns>
    private async Task<bool> ResumeSkippedAsync()
    {
        if (_skipped.Count == 0)
        {
            return false;
        }

        await _dispatcher.WhenResumedAsync(_skipped);
        _skipped.Clear();
        return true;
    }

    private async Task ProcessAsync(FeedBatch batch, CancellationToken cancellationToken)
    {
        if (batch.Lost is { } lost)
        {
            await MarkUnprovenAsync(new UnprovenMark(lost, null, [], null, batch.ReadAt));
        }

        if (owned is not null)
        {
            await AdoptProgressAsync();
            if (batch.IsAnew)
            {
                await ApplyTombstonesAsync(PartitionOf(owned.Partition), batch.ReadAt);
                PartitionOf(owned.Partition).Restart(0);
                PartitionOf(owned.Partition).ForgetOrder();
                _ownership.LoadedIsDone = true;
            }
        }

        foreach (var message in batch.Messages)
        {
            using var activity = IngestTracing.BeginReading(message);
            await ProcessAsync(message, batch.ReadAt, cancellationToken);
        }

        await SettleTombstonesAsync(batch);
        foreach (var partition in batch.EndsReached.Where(partition => !_skipped.Contains(partition)))
        {
            await SettleDoubtAsync(PartitionOf(partition), batch.ReadAt);
            if (owned is null)
            {
                await _snapshot.OnEndReachedAsync(partition);
            }
        }

        if (owned is not null)
        {
            await OnCaughtUpAsync(batch);
        }

        if (_skipped.Count == 0)
        {
            await _snapshot.CheckQuietAsync(batch.ReadAt);
            NoteFeedPlaces(batch);
        }

        await OnHeartbeatAsync(batch);
        CloseWatermark();
        await _dispatcher.WaitAsync(options.MaxOutstanding, batch.MoreFollows);
        if (feed.IsTotallyOrdered)
        {
            // A totally ordered feed cannot read one partition later than the others.
            await _dispatcher.WhenResumedAsync([]);
        }
    }

    private async Task EndAsync(CancellationToken cancellationToken)
    {
        foreach (var partition in _partitions.Values)
        {
            await EndRunAsync(partition, clock.GetUtcNow(), isWhole: partition.LastRepeat == partition.Newest);
            await ApplyTombstonesAsync(partition, clock.GetUtcNow());
            await SettleDoubtAsync(partition, clock.GetUtcNow());
        }

        await _snapshot.CompleteAsync();
        CloseWatermark();
        await _dispatcher.FinishAsync();
        CloseWatermark(isLast: true);
        await _checkpoints!.FinishAsync(cancellationToken);
        LogEnded(feed.Name);
    }

    private void CloseWatermark(bool isLast = false)
    {
        ForgetOldDeletes();
        var (deleted, forgotten) = _ownership.Deleted.Record();
        _watermark.Close(new FeedCheckpoint(
            [.. _partitions.Values.Select(partition => partition.Record())], _appliedThrough, _tombstonesFollowDeletes, _snapshot.LastRow, deleted, forgotten));
        _counts.Publish();
        if (_checkpoints!.Waiting >= options.MaxReadMarks && !isLast)
        {
            // A desk that does not answer holds up all watermarks since. To bound their number, this one also covers the next batch.
            return;
        }

        _checkpoints.Add(_watermark);
        _watermark = new Watermark();
    }

    private void NoteFeedPlaces(FeedBatch batch)
    {
        // A held tombstone is read again after a restart, and so is what came after it.
        if (batch.Places is not null && _partitions.Values.All(partition => partition.HeldTombstones.Count == 0))
        {
            foreach (var (place, next) in batch.Places)
            {
                PartitionOf(place).NextOffset = next;
            }
        }
    }
}
