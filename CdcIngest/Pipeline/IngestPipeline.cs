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
    ILogger logger)
{
    /// <summary>A desk's name is never empty: what holds for it holds for all.</summary>
    private const string NoDesk = "";

    private readonly Dictionary<FeedPartition, PartitionOrder> _partitions = [];
    private readonly PositionOwnership _map = new();
    private readonly HashSet<string> _unprovenPositions = new(StringComparer.Ordinal);
    private readonly HashSet<FeedPartition> _inAnotherOrder = [];
    private readonly List<string> _desksConcerned = [];
    private readonly EventCounts _counts = new(metrics);
    private readonly HashSet<FeedPartition> _skipped = [];
    private PartitionLiveness _liveness = null!;
    private DeskDispatcher _dispatcher = null!;
    private Checkpoints? _checkpoints;
    private SnapshotReading _snapshot = null!;
    private DateTimeOffset? _appliedThrough;
    private bool? _nullsAreCompanions;
    private Watermark _mark = new();
    private DateTimeOffset _heardTold;

    /// <summary>Runs until cancelled, or until the end of a feed that has one.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reporting = Task.CompletedTask;
        try
        {
            var from = await OpenAsync(stopping.Token);
            reporting = ReportNowAndThenAsync(stopping.Token);
            do
            {
                await ReadAsync(from, cancellationToken);
                from = _partitions.Values.ToDictionary(partition => partition.Partition, partition => partition.NextOffset);
            }
            while (await ResumeSkippedAsync());

            await EndAsync(cancellationToken);
        }
        finally
        {
            await stopping.CancelAsync();
            await reporting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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

    private async Task<IReadOnlyDictionary<FeedPartition, long>> OpenAsync(CancellationToken stopping)
    {
        _dispatcher = new DeskDispatcher(feed.Name, feed.IsTotallyOrdered, desks, options, metrics, clock, logger, stopping);
        _checkpoints = new Checkpoints(feedGrain, feed, options.CheckpointInterval, clock, logger, stopping);
        _dispatcher.Answered = _checkpoints.Signal;
        _dispatcher.SetAside = SetAsideAsync;

        var record = await feedGrain.OpenAsync();
        foreach (var partition in record.Partitions)
        {
            _partitions[partition.Partition] = new PartitionOrder(partition);
        }

        _map.Resume(record);
        _appliedThrough = record.AppliedThrough;
        _nullsAreCompanions = record.NullsAreCompanions;
        _unprovenPositions.UnionWith(record.Unproven.Where(mark => mark.PositionId is not null).Select(mark => mark.PositionId!));
        await foreach (var held in directory.LoadAsync(stopping))
        {
            _map.Load(held);
        }

        _dispatcher.FeedState = record.Snapshot.IsBuilding ? FeedState.Building : record.Unproven.Any(mark => mark.Desks.Count == 0) ? FeedState.Unproven : FeedState.Live;
        _dispatcher.Doubtful = record.Unproven.SelectMany(mark => mark.Desks).ToHashSet(StringComparer.Ordinal);
        _allPartitions = await feed.PartitionsAsync(stopping);
        _generation = record.Snapshot.Generation;
        _snapshot = new SnapshotReading(feedGrain, feed, _dispatcher, options.SnapshotQuietPeriod, record);
        await _snapshot.ResumeAsync();
        _liveness = new PartitionLiveness(clock.GetUtcNow(), _allPartitions, metrics);
        LogOpened(feed.Name, _map.Count, record.Partitions.Where(partition => partition.Partition.Partition >= 0).Sum(partition => partition.NextOffset));
        return record.Partitions.ToDictionary(partition => partition.Partition, partition => partition.NextOffset);
    }

    private async Task ProcessAsync(FeedBatch batch, CancellationToken cancellationToken)
    {
        if (batch.Lost is { } lost)
        {
            await MarkUnprovenAsync(new UnprovenMark(lost, null, [], null, batch.ReadAt));
        }

        foreach (var message in batch.Messages)
        {
            await ProcessAsync(message, batch.ReadAt, cancellationToken);
        }

        await SettleNullsAsync(batch);
        foreach (var partition in batch.EndsReached.Where(partition => !_skipped.Contains(partition)))
        {
            await SettleDoubtAsync(PartitionOf(partition), batch.ReadAt);
            await _snapshot.EndReachedAsync(partition);
        }

        if (_skipped.Count == 0)
        {
            await _snapshot.QuietAsync(batch.ReadAt);
            NotePlaces(batch);
        }

        await OnHeartbeatAsync(batch);
        CloseMark();
        await _dispatcher.WaitAsync(options.MaxOutstanding);
        if (feed.IsTotallyOrdered)
        {
            // Nothing of it can be left out and read later.
            await _dispatcher.WhenResumedAsync([]);
        }
    }

    private async Task EndAsync(CancellationToken cancellationToken)
    {
        foreach (var partition in _partitions.Values)
        {
            await ApplyNullsAsync(partition, clock.GetUtcNow());
            await SettleDoubtAsync(partition, clock.GetUtcNow());
        }

        await _snapshot.PassAllAsync();
        CloseMark();
        await _dispatcher.FinishAsync();
        CloseMark(isLast: true);
        await _checkpoints!.FinishAsync(cancellationToken);
        LogEnded(feed.Name);
    }

    /// <summary>Handles one message, up to its changes being on their lanes.</summary>
    private async ValueTask ProcessAsync(FeedMessage message, DateTimeOffset readAt, CancellationToken cancellationToken)
    {
        var partition = PartitionOf(message.Delivery.FeedPartition);
        if (!feed.IsTotallyOrdered && (_skipped.Contains(partition.Partition) || _dispatcher.IsPaused(partition.Partition)))
        {
            // Also once it is no longer paused: what follows must not overtake what was left out.
            _skipped.Add(partition.Partition);
            return;
        }

        var fingerprint = MessageFingerprint.Of(message);
        var decoded = decoder.Decode(message);
        if (message.Delivery.Offset < partition.NextOffset && !await IsNewAgainAsync(decoded, message.Delivery, fingerprint, partition, readAt))
        {
            return;
        }

        partition.Pass(message.Delivery.Offset, fingerprint);
        switch (decoded)
        {
            case DecodedMessage.Row row:
                await ApplyRowAsync(row, message.Delivery, partition, readAt);
                break;
            case DecodedMessage.Null deleted when _nullsAreCompanions != true && _sharedTopics.Contains(message.Delivery.Topic):
                var doubt = new DecodedMessage.Unreadable("a null value in a topic that carries other tables, too: it does not tell of which", deleted.PositionId);
                await RecordUnreadableAsync(doubt, message, partition, readAt, cancellationToken);
                break;
            case DecodedMessage.Null deleted:
                await ApplyTombstoneAsync(deleted, message.Delivery, partition, readAt);
                break;
            case DecodedMessage.Truncate truncate when feed.TruncateIsEmptySnapshot:
                _counts.Add("truncate", "applied");
                await _snapshot.EmptyAsync(truncate.Source, message.Delivery);
                break;
            case DecodedMessage.Truncate:
                _counts.Add("truncate", "counted");
                await MarkUnprovenAsync(new UnprovenMark("the table was truncated", null, [], message.Delivery, readAt));
                break;
            case DecodedMessage.Heartbeat:
                _counts.Add("heartbeat", "counted");
                break;
            case DecodedMessage.Ignored ignored:
                _counts.Add(ignored.Kind, "counted");
                break;
            case DecodedMessage.OtherTable other:
                await CountOtherTableAsync(other, message.Delivery, readAt);
                break;
            case DecodedMessage.Unreadable unreadable:
                await RecordUnreadableAsync(unreadable, message, partition, readAt, cancellationToken);
                break;
        }
    }

    private async ValueTask ApplyRowAsync(DecodedMessage.Row row, Delivery delivery, PartitionOrder partition, DateTimeOffset readAt)
    {
        _nullsAreCompanions = row.TellsDeletes || _nullsAreCompanions == true;
        var op = row.Snapshot != SnapshotMark.None ? "snapshot" : row.After is null ? "delete" : "upsert";
        var verdict = partition.Judge(row, _map.LastOf(row.PositionId));
        if (partition.HeldNulls.Count > 0)
        {
            // A null tells nothing of its age. What follows it does: a connector that starts again sends everything again, in order.
            if (verdict == RowVerdict.Repeat)
            {
                _counts.Add("null", "repeat", partition.HeldNulls.Count);
                partition.HeldNulls.Clear();
            }
            else
            {
                await ApplyNullsAsync(partition, readAt, row);
            }
        }

        if (verdict != RowVerdict.New)
        {
            _counts.Add(op, verdict == RowVerdict.Repeat ? "repeat" : "another_order");
            if (verdict == RowVerdict.Reordered)
            {
                await ReportReorderedAsync(partition, readAt);
            }

            return;
        }

        _inAnotherOrder.Remove(partition.Partition);
        await _snapshot.RowAsync(row, delivery, partition, readAt);
        ForgetOtherGenerations();
        await DoubtOriginAsync(row, delivery, readAt);
        if (_snapshot.IsBeforeIt(row) || IsSuperseded(row, partition))
        {
            _map.Supersede(row.PositionId, _desksConcerned);
            Dispatch(_desksConcerned, row, partition.ForDesks(delivery), readAt);
            _counts.Add(op, "superseded");
            return;
        }

        await DoubtOrderAsync(row, partition, readAt);
        Route(row.PositionId, row.After, row.BeforeDesk, row.Source, row.TransactionId, row.Time, delivery, partition, readAt, row.Origin);
        _counts.Add(op, "applied");
        if (_unprovenPositions.Remove(row.PositionId))
        {
            await _dispatcher.DrainAsync();
            await feedGrain.ClearUnprovenAsync(row.PositionId);
        }
    }

    private async ValueTask ReportReorderedAsync(PartitionOrder partition, DateTimeOffset readAt)
    {
        if (_inAnotherOrder.Add(partition.Partition))
        {
            await MarkUnprovenAsync(new UnprovenMark(
                $"changes of partition {partition.Partition} come in another order than before: older by the database's log and younger by its clock. "
                + "The log was reset, or it is another server's; they are not applied until a new snapshot is taken",
                null, [], null, readAt));
        }
    }

    private async ValueTask ApplyTombstoneAsync(DecodedMessage.Null deleted, Delivery delivery, PartitionOrder partition, DateTimeOffset readAt)
    {
        if (_nullsAreCompanions == true)
        {
            _counts.Add("null", "companion");
            return;
        }

        if (partition.HeldNulls.Count == 0)
        {
            partition.HeldSince = readAt;
        }

        partition.HeldNulls.Add((delivery, deleted.PositionId, partition.Newest));
        if (_nullsAreCompanions == false && !partition.RecognisesRepeats)
        {
            // No form of this feed can tell a repeat, so waiting would tell nothing.
            await ApplyNullsAsync(partition, readAt);
        }
    }

    /// <summary>At the end of a batch a null is a delete, unless repeats came before it: then the next message decides, or silence does.</summary>
    private async ValueTask SettleNullsAsync(FeedBatch batch)
    {
        foreach (var partition in _partitions.Values)
        {
            if (partition.HeldNulls.Count > 0 && (!partition.LastWasRepeat || batch.ReadAt - partition.HeldSince >= options.SnapshotQuietPeriod))
            {
                await ApplyNullsAsync(partition, batch.ReadAt);
            }
        }
    }

    /// <param name="next">The row that came after them; null where none did.</param>
    private async ValueTask ApplyNullsAsync(PartitionOrder partition, DateTimeOffset readAt, DecodedMessage.Row? next = null)
    {
        foreach (var (delivery, positionId, after) in partition.HeldNulls)
        {
            if (_nullsAreCompanions == true)
            {
                _counts.Add("null", "companion");
                continue;
            }

            await _snapshot.LiveAsync(partition);
            if (await IsSupersededAsync(positionId, after, next, partition, delivery, readAt))
            {
                _counts.Add("null", "superseded");
                continue;
            }

            Route(positionId, null, null, null, null, null, delivery, partition, readAt);
            if (after is { } atLeast)
            {
                _map.Deleted.Add(positionId, atLeast, _snapshot.Generation);
            }

            _topicsOfNulls.Add(delivery.Topic);
            _counts.Add("null", "applied");
        }

        partition.HeldNulls.Clear();
    }

    private async ValueTask RecordUnreadableAsync(
        DecodedMessage.Unreadable unreadable, FeedMessage message, PartitionOrder partition, DateTimeOffset readAt, CancellationToken cancellationToken)
    {
        _counts.Add("unreadable", "dead_letter");
        metrics.DeadLetter();
        LogUnreadable(message.Delivery, unreadable.Reason);
        await deadLetters.AddAsync(
            new DeadLetter(partition.ForDesks(message.Delivery), unreadable.Reason, unreadable.PositionId, message.Key, message.Value, readAt), cancellationToken);
        if (unreadable.PositionId is { } positionId)
        {
            _unprovenPositions.Add(positionId);
        }

        await MarkUnprovenAsync(new UnprovenMark(
            // The reason may quote the message, and this text is shown to everybody; the dead letters have it.
            "a change could not be read; see the dead letters",
            unreadable.PositionId,
            unreadable.PositionId is null ? [] : _map.DesksOf(unreadable.PositionId),
            message.Delivery,
            readAt));
    }

    private void Route(
        string positionId,
        Position? after,
        string? beforeDesk,
        SourcePosition? source,
        string? transactionId,
        SourceTime? time,
        Delivery delivered,
        PartitionOrder partition,
        DateTimeOffset readAt,
        string? origin = null)
    {
        var delivery = partition.ForDesks(delivered);
        _map.Move(positionId, after?.Desk, beforeDesk, source, partition.Partition, _snapshot.Generation, _desksConcerned, origin);
        foreach (var desk in _desksConcerned)
        {
            _dispatcher.Add(desk, new PositionChange(delivery, positionId, null, source, transactionId, time), _mark, readAt);
        }

        if (after is not null)
        {
            _dispatcher.Add(after.Desk, new PositionChange(delivery, positionId, after, source, transactionId, time), _mark, readAt);
        }

        if (time is { } at && (_appliedThrough is null || at.CommittedAt > _appliedThrough))
        {
            _appliedThrough = at.CommittedAt;
        }
    }

    private PartitionOrder PartitionOf(FeedPartition key)
    {
        if (!_partitions.TryGetValue(key, out var partition))
        {
            _partitions.Add(key, partition = new PartitionOrder(key));
        }

        return partition;
    }

    private void CloseMark(bool isLast = false)
    {
        ForgetOldDeletes();
        var (deleted, forgotten) = _map.Deleted.Record();
        _mark.Close(new FeedCheckpoint(
            [.. _partitions.Values.Select(partition => partition.Record())], _appliedThrough, _nullsAreCompanions, _snapshot.LastRow, deleted, forgotten));
        _counts.Publish();
        if (_checkpoints!.Waiting >= options.MaxReadMarks && !isLast)
        {
            // A desk that does not answer holds up all marks since: this one goes on with the next batch.
            return;
        }

        _checkpoints.Add(_mark);
        _mark = new Watermark();
    }

    /// <summary>Changes that follow carry the doubt, also those of the same second.</summary>
    private async Task MarkUnprovenAsync(UnprovenMark mark)
    {
        await feedGrain.MarkUnprovenAsync(mark);
        if (mark.Desks.Count > 0)
        {
            _dispatcher.Doubtful = _dispatcher.Doubtful.Concat(mark.Desks).ToHashSet(StringComparer.Ordinal);
        }
        else if (_dispatcher.FeedState != FeedState.Building)
        {
            _dispatcher.FeedState = FeedState.Unproven;
        }
    }

    /// <summary>Names no desk: everybody reads it.</summary>
    private Task SetAsideAsync(string desk) => feedGrain.MarkUnprovenAsync(new UnprovenMark(
        "a desk is unavailable and its changes were set aside; its repair reads the table anew", null, [desk], null, clock.GetUtcNow()));

    private async ValueTask OnHeartbeatAsync(FeedBatch batch)
    {
        metrics.OnHeartbeat(batch.ReadAt);
        _liveness.OnBatch(batch);
        if (batch.ReadAt - _heardTold < TimeSpan.FromSeconds(1))
        {
            return;
        }

        _heardTold = batch.ReadAt;
        await ReportAsync();
        await LearnStateAsync();
    }

    /// <summary>What is doubtful of one desk says nothing of the others.</summary>
    private async Task LearnStateAsync()
    {
        _dispatcher.FeedState = (await feedGrain.StatusAsync(NoDesk)).State;
        _dispatcher.Doubtful = _dispatcher.FeedState != FeedState.Unproven && (await feedGrain.StatusAsync(null)).State == FeedState.Unproven
            ? (await feedGrain.OpenAsync()).Unproven.SelectMany(mark => mark.Desks).ToHashSet(StringComparer.Ordinal)
            : new HashSet<string>();
    }

    private Task ReportAsync() => feedGrain.ReportAsync(_liveness.Report(_dispatcher.Report(), _dispatcher.IsPaused, clock.GetUtcNow()));

    /// <summary>Tells how the ingest stands also while it waits for desks, so that answers do not call a feed live whose changes wait.</summary>
    private async Task ReportNowAndThenAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(options.ReportInterval, clock);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            try
            {
                await ReportAsync();
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                LogNotReported(exception, feed.Name);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Feed {Feed} could not be told how its ingest stands; it is told again")]
    private partial void LogNotReported(Exception exception, string feed);

    [LoggerMessage(Level = LogLevel.Information, Message = "Feed {Feed} opened: {Positions} positions known, {Done} messages done before")]
    private partial void LogOpened(string feed, int positions, long done);

    [LoggerMessage(Level = LogLevel.Information, Message = "Feed {Feed} has been read to its end")]
    private partial void LogEnded(string feed);

    [LoggerMessage(EventId = 3002, EventName = "change_unreadable", Level = LogLevel.Warning, Message = "Notice change_unreadable: message {Delivery} cannot be read and went to the dead letters: {Reason}")]
    private partial void LogUnreadable(Delivery delivery, string reason);
}
