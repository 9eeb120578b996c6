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
    private readonly Dictionary<FeedPartition, PartitionOrder> _partitions = [];
    private readonly PositionMap _map = new();
    private readonly HashSet<string> _unprovenPositions = new(StringComparer.Ordinal);
    private readonly HashSet<FeedPartition> _inAnotherOrder = [];
    private readonly List<string> _told = [];
    private readonly EventCounts _counts = new(metrics);
    private DeskLanes _lanes = null!;
    private Checkpoints? _checkpoints;
    private SnapshotReading _snapshot = null!;
    private DateTimeOffset? _appliedThrough;
    private bool? _nullsAreCompanions;
    private ReadMark _mark = new();
    private DateTimeOffset _heardTold;

    /// <summary>Runs until cancelled, or until the end of a feed that has one.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            var from = await OpenAsync(stopping.Token);
            await foreach (var batch in feed.ReadAsync(from, cancellationToken))
            {
                await TakeAsync(batch, cancellationToken);
            }

            await EndAsync(cancellationToken);
        }
        finally
        {
            await stopping.CancelAsync();
            if (_checkpoints is not null)
            {
                await _checkpoints.StopAsync();
            }
        }
    }

    private async Task<IReadOnlyDictionary<FeedPartition, long>> OpenAsync(CancellationToken stopping)
    {
        _lanes = new DeskLanes(feed.Name, feed.IsTotallyOrdered, desks, options, metrics, clock, logger, stopping);
        _checkpoints = new Checkpoints(feedGrain, feed, options.CheckpointInterval, clock, logger, stopping);
        _lanes.Answered = _checkpoints.Signal;

        var record = await feedGrain.OpenAsync();
        foreach (var partition in record.Partitions)
        {
            _partitions[partition.Partition] = new PartitionOrder(partition);
        }

        _appliedThrough = record.AppliedThrough;
        _nullsAreCompanions = record.NullsAreCompanions;
        _unprovenPositions.UnionWith(record.Unproven.Where(mark => mark.PositionId is not null).Select(mark => mark.PositionId!));
        await foreach (var held in directory.LoadAsync(stopping))
        {
            _map.Load(held);
        }

        _snapshot = new SnapshotReading(feedGrain, feed, _lanes, options.SnapshotQuietPeriod, record);
        await _snapshot.ResumeAsync();
        LogOpened(feed.Name, _map.Count, record.Partitions.Sum(partition => partition.NextOffset));
        return record.Partitions.ToDictionary(partition => partition.Partition, partition => partition.NextOffset);
    }

    private async Task TakeAsync(FeedBatch batch, CancellationToken cancellationToken)
    {
        if (batch.Lost is { } lost)
        {
            await feedGrain.MarkUnprovenAsync(new UnprovenMark(lost, null, [], null, batch.ReadAt));
        }

        foreach (var message in batch.Messages)
        {
            await TakeAsync(message, batch.ReadAt, cancellationToken);
        }

        await SettleNullsAsync(batch);
        foreach (var partition in batch.EndsReached)
        {
            await _snapshot.EndReachedAsync(partition);
        }

        await _snapshot.QuietAsync(batch.ReadAt);
        await HeardAsync(batch.ReadAt);
        CloseMark();
        await _lanes.WaitAsync(options.MaxOutstanding);
    }

    private async Task EndAsync(CancellationToken cancellationToken)
    {
        foreach (var partition in _partitions.Values)
        {
            await ApplyNullsAsync(partition, clock.GetUtcNow());
        }

        await _snapshot.PassAllAsync();
        CloseMark();
        await _lanes.DrainAsync();
        await _checkpoints!.FinishAsync(cancellationToken);
        LogEnded(feed.Name);
    }

    /// <summary>Handles one message, up to its changes being on their lanes.</summary>
    private async ValueTask TakeAsync(FeedMessage message, DateTimeOffset readAt, CancellationToken cancellationToken)
    {
        var partition = PartitionOf(message.Delivery.FeedPartition);
        if (message.Delivery.Offset < partition.NextOffset)
        {
            return;
        }

        partition.NextOffset = message.Delivery.Offset + 1;
        switch (decoder.Decode(message))
        {
            case DecodedMessage.Row row:
                await TakeRowAsync(row, message.Delivery, partition, readAt);
                break;
            case DecodedMessage.Null deleted:
                await TakeNullAsync(deleted, message.Delivery, partition, readAt);
                break;
            case DecodedMessage.Truncate truncate when feed.TruncateIsEmptySnapshot:
                _counts.Add("truncate", "applied");
                await _snapshot.EmptyAsync(truncate.Source, message.Delivery);
                break;
            case DecodedMessage.Truncate:
                _counts.Add("truncate", "counted");
                await feedGrain.MarkUnprovenAsync(new UnprovenMark("the table was truncated", null, [], message.Delivery, readAt));
                break;
            case DecodedMessage.Heartbeat:
                _counts.Add("heartbeat", "counted");
                break;
            case DecodedMessage.Ignored ignored:
                _counts.Add(ignored.Kind, "counted");
                break;
            case DecodedMessage.Unreadable unreadable:
                await TakeUnreadableAsync(unreadable, message, readAt, cancellationToken);
                break;
        }
    }

    private async ValueTask TakeRowAsync(DecodedMessage.Row row, Delivery delivery, PartitionOrder partition, DateTimeOffset readAt)
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
                await ApplyNullsAsync(partition, readAt);
            }
        }

        if (verdict != RowVerdict.News)
        {
            _counts.Add(op, verdict == RowVerdict.Repeat ? "repeat" : "another_order");
            if (verdict == RowVerdict.AnotherOrder)
            {
                await TellAnotherOrderAsync(partition, readAt);
            }

            return;
        }

        _inAnotherOrder.Remove(partition.Partition);
        await _snapshot.RowAsync(row, delivery, partition, readAt);
        Route(row.PositionId, row.After, row.BeforeDesk, row.Source, row.TransactionId, row.Time, delivery, readAt);
        _counts.Add(op, "applied");
        if (_unprovenPositions.Remove(row.PositionId))
        {
            await _lanes.DrainAsync();
            await feedGrain.ClearUnprovenAsync(row.PositionId);
        }
    }

    private async ValueTask TellAnotherOrderAsync(PartitionOrder partition, DateTimeOffset readAt)
    {
        if (_inAnotherOrder.Add(partition.Partition))
        {
            await feedGrain.MarkUnprovenAsync(new UnprovenMark(
                $"changes of partition {partition.Partition} come in another order than before: older by the database's log and younger by its clock. "
                + "The log was reset, or it is another server's; they are not applied until a new snapshot is taken",
                null, [], null, readAt));
        }
    }

    private async ValueTask TakeNullAsync(DecodedMessage.Null deleted, Delivery delivery, PartitionOrder partition, DateTimeOffset readAt)
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

        partition.HeldNulls.Add((delivery, deleted.PositionId));
        if (_nullsAreCompanions == false && !partition.TellsRepeats)
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

    private async ValueTask ApplyNullsAsync(PartitionOrder partition, DateTimeOffset readAt)
    {
        foreach (var (delivery, positionId) in partition.HeldNulls)
        {
            if (_nullsAreCompanions == true)
            {
                _counts.Add("null", "companion");
                continue;
            }

            await _snapshot.LiveAsync(partition);
            Route(positionId, null, null, null, null, null, delivery, readAt);
            _counts.Add("null", "applied");
        }

        partition.HeldNulls.Clear();
    }

    private async ValueTask TakeUnreadableAsync(
        DecodedMessage.Unreadable unreadable, FeedMessage message, DateTimeOffset readAt, CancellationToken cancellationToken)
    {
        _counts.Add("unreadable", "dead_letter");
        metrics.DeadLetter();
        LogUnreadable(message.Delivery, unreadable.Reason);
        await deadLetters.AddAsync(
            new DeadLetter(message.Delivery, unreadable.Reason, unreadable.PositionId, message.Key, message.Value, readAt), cancellationToken);
        if (unreadable.PositionId is { } positionId)
        {
            _unprovenPositions.Add(positionId);
        }

        await feedGrain.MarkUnprovenAsync(new UnprovenMark(
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
        Delivery delivery,
        DateTimeOffset readAt)
    {
        _map.Move(positionId, after?.Desk, beforeDesk, source, _told);
        foreach (var desk in _told)
        {
            _lanes.Add(desk, new PositionChange(delivery, positionId, null, source, transactionId, time), _mark, readAt);
        }

        if (after is not null)
        {
            _lanes.Add(after.Desk, new PositionChange(delivery, positionId, after, source, transactionId, time), _mark, readAt);
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

    private void CloseMark()
    {
        _mark.Close(new FeedCheckpoint(
            [.. _partitions.Values.Select(partition => partition.Record())], _appliedThrough, _nullsAreCompanions, _snapshot.LastRow));
        _checkpoints!.Add(_mark);
        _mark = new ReadMark();
        _counts.Publish();
    }

    private async ValueTask HeardAsync(DateTimeOffset at)
    {
        metrics.Heard(at);
        if (at - _heardTold < TimeSpan.FromSeconds(1))
        {
            return;
        }

        _heardTold = at;
        await feedGrain.HeardAsync(at);
        _lanes.FeedState = (await feedGrain.StatusAsync(null)).State;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Feed {Feed} opened: {Positions} positions known, {Done} messages done before")]
    private partial void LogOpened(string feed, int positions, long done);

    [LoggerMessage(Level = LogLevel.Information, Message = "Feed {Feed} has been read to its end")]
    private partial void LogEnded(string feed);

    [LoggerMessage(EventId = 3002, EventName = "change_unreadable", Level = LogLevel.Warning, Message = "Notice change_unreadable: message {Delivery} cannot be read and went to the dead letters: {Reason}")]
    private partial void LogUnreadable(Delivery delivery, string reason);
}
