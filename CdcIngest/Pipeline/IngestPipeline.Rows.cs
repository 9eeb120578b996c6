using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Pipeline;

// A row that is not a repeat goes to the desks, unless a newer row of its position has been read.
internal sealed partial class IngestPipeline
{
    private readonly List<string> _desksConcerned = [];

    /// <summary>Partitions whose last change came in another order than before, so that this is reported once.</summary>
    private readonly HashSet<FeedPartition> _reordered = [];
    private DateTimeOffset? _appliedThrough;
    private ReadState? _read;

    /// <summary>The snapshot in whose order deletes are remembered.</summary>
    private int _generation;
    private bool _orderIsDoubted;
    private bool _originIsDoubted;

    private async ValueTask ApplyRowAsync(DecodedMessage.Row row, Delivery delivery, PartitionOrder partition, DateTimeOffset readAt)
    {
        _tombstonesFollowDeletes = row.MarksDeletes || _tombstonesFollowDeletes == true;
        var op = row.Snapshot != SnapshotMark.None ? "snapshot" : row.After is null ? "delete" : "upsert";
        var verdict = partition.Judge(row, LastOf(row, partition));
        // A tombstone has no source position, so its age is known only from the next row of the partition: a connector that starts again sends everything
        // again, in order.
        if (verdict == RowVerdict.Repeat)
        {
            await OnRepeatAsync(row, delivery, partition, readAt);
        }
        else
        {
            await EndRunAsync(partition, readAt, isWhole: true);
            await ForgetUncertainDeletesAsync(partition);
            if (partition.HeldTombstones.Count > 0)
            {
                await ApplyTombstonesAsync(partition, readAt, row);
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

        _reordered.Remove(partition.Partition);
        await _snapshot.OnRowAsync(row, delivery, partition, readAt);
        NoteFirstSnapshotRow(row);
        ForgetOtherGenerations();
        await CheckOriginAsync(row, delivery, readAt);
        if (_snapshot.IsOlderThanSnapshot(row) || IsSuperseded(row, partition))
        {
            _ownership.Supersede(row.PositionId, _desksConcerned);
            Dispatch(_desksConcerned, row, partition.ForDesks(delivery), readAt);
            _counts.Add(op, "superseded");
            return;
        }

        await CheckOrderAsync(row, partition, readAt);
        Route(row.PositionId, row.After, row.BeforeDesk, row.Source, row.TransactionId, row.Time, delivery, partition, readAt, row.Origin);
        _counts.Add(op, "applied");
        if (_unprovenPositions.Remove(row.PositionId))
        {
            _doubtfulDeletes.Remove(row.PositionId);
            await _dispatcher.DrainAsync();
            await feedGrain.ClearUnprovenAsync(row.PositionId);
        }
    }

    private async ValueTask ReportReorderedAsync(PartitionOrder partition, DateTimeOffset readAt)
    {
        if (_reordered.Add(partition.Partition))
        {
            await MarkUnprovenAsync(new UnprovenMark(
                $"changes of partition {partition.Partition} come in another order than before: older by the database's log and younger by its clock. "
                + "The log was reset, or it is another server's; they are not applied until a new snapshot is taken",
                null, [], null, readAt));
        }
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
        _ownership.Move(positionId, after?.Desk, beforeDesk, source, partition.Partition, _snapshot.Generation, _desksConcerned, origin);
        foreach (var desk in _desksConcerned)
        {
            _dispatcher.Add(desk, new PositionChange(delivery, positionId, null, source, transactionId, time), ReadStateAt(readAt));
        }

        if (after is not null)
        {
            _dispatcher.Add(after.Desk, new PositionChange(delivery, positionId, after, source, transactionId, time), ReadStateAt(readAt));
        }

        if (time is { } at && (_appliedThrough is null || at.CommittedAt > _appliedThrough))
        {
            _appliedThrough = at.CommittedAt;
        }
    }

    /// <summary>What holds for the changes that are read now; one object as long as it stays the same.</summary>
    private ReadState ReadStateAt(DateTimeOffset readAt)
    {
        if (_read is null || _read.Watermark != _watermark || _read.ReadAt != readAt || _read.Snapshot != _snapshot.Progress)
        {
            _read = new ReadState(_watermark, readAt, _snapshot.Progress);
        }

        return _read;
    }

    /// <summary>A newer row of the position came in another partition, or its delete.</summary>
    private bool IsSuperseded(DecodedMessage.Row row, PartitionOrder partition) =>
        row.Source is { } source
        && _ownership.NewestOf(row.PositionId, partition.Partition, _snapshot.Generation) is { } newest
        && source.IsBefore(newest);

    /// <summary>Marks the feed unproven if the row is applied although nothing shows that it is the newest of its position.</summary>
    private ValueTask CheckOrderAsync(DecodedMessage.Row row, PartitionOrder partition, DateTimeOffset readAt)
    {
        var isDoubtful = row.Source is { } source
            ? _ownership.Deleted.Forgotten is { } forgotten && source.IsBefore(forgotten) && row.Snapshot == SnapshotMark.None && !_ownership.Holds(row.PositionId)
            : _ownership.CameInAnotherPartition(row.PositionId, partition.Partition);
        return isDoubtful ? ReportDoubtfulOrderAsync(readAt) : ValueTask.CompletedTask;
    }

    private async ValueTask ReportDoubtfulOrderAsync(DateTimeOffset readAt)
    {
        if (!_orderIsDoubted)
        {
            _orderIsDoubted = true;
            await MarkUnprovenAsync(new UnprovenMark(
                "changes of one position came in two partitions, and nothing tells which of them is newer: they were applied as they came. "
                + "Partitions were added to the topic, or it is read in part",
                null, [], null, readAt));
        }
    }

    /// <summary>
    /// Two databases (shards, or two servers) have a row with this id. Their log positions cannot be compared, and a desk holds one position under
    /// an id.
    /// </summary>
    private async ValueTask CheckOriginAsync(DecodedMessage.Row row, Delivery delivery, DateTimeOffset readAt)
    {
        if (!_originIsDoubted && _ownership.IsOfAnotherOrigin(row.PositionId, row.Origin, _snapshot.Generation))
        {
            _originIsDoubted = true;
            await MarkUnprovenAsync(new UnprovenMark(
                "two databases have rows with the same position_id, which were taken for one position; name one database in Feed:Debezium:Database, "
                + "or let the keys hold what tells the databases apart",
                null, [], delivery, readAt));
        }
    }

    private void ForgetOtherGenerations()
    {
        if (_snapshot.Generation != _generation)
        {
            // A snapshot may begin another order of the log, with which older source positions cannot be compared.
            _ownership.Deleted.Clear();
            _generation = _snapshot.Generation;
            _originIsDoubted = false;
        }
    }

    private void ForgetOldDeletes()
    {
        if (!_ownership.Deleted.IsEmpty)
        {
            var others = _partitions.Values.Where(partition => partition.Newest is not null).Select(partition => partition.Partition);
            _ownership.Deleted.ForgetBefore(_allPartitions.Union(others).Select(partition => _partitions.TryGetValue(partition, out var order) ? order.Newest : null));
        }
    }

    private void Dispatch(List<string> desks, DecodedMessage.Row row, Delivery delivery, DateTimeOffset readAt)
    {
        foreach (var desk in desks)
        {
            _dispatcher.Add(desk, new PositionChange(delivery, row.PositionId, null, row.Source, row.TransactionId, row.Time), ReadStateAt(readAt));
        }
    }
}
