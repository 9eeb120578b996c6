using Microsoft.Extensions.Logging;
using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Pipeline;

// What looks like a change of a position, or like one that was seen before, and may be something else: a topic made anew under its old name, a
// key that has moved to another partition, a row of another table. Nothing of it is passed over in silence.
internal sealed partial class IngestPipeline
{
    /// <summary>Beyond this many other tables their names are no longer told; they are counted all the same.</summary>
    private const int OtherTablesTold = 100;

    private readonly HashSet<string> _otherTables = new(StringComparer.Ordinal);
    private readonly HashSet<string> _sharedTopics = new(StringComparer.Ordinal);

    /// <summary>Topics in which null values were applied as deletes.</summary>
    private readonly HashSet<string> _topicsOfNulls = new(StringComparer.Ordinal);
    private IReadOnlyList<FeedPartition> _allPartitions = [];
    private int _generation;
    private bool _orderIsDoubted;
    private bool _originIsDoubted;

    /// <summary>An offset came that had been read before. Says whether the message is another one than then, and has to be handled.</summary>
    private async ValueTask<bool> IsNewAgainAsync(
        DecodedMessage decoded, Delivery delivery, long fingerprint, PartitionOrder partition, DateTimeOffset readAt)
    {
        var wasRead = partition.WasRead(delivery.Offset, fingerprint);
        if (wasRead == true)
        {
            _counts.Add(Op(decoded), "repeat");
            partition.Doubtful = null;
            return false;
        }

        if (partition.Partition.Partition < 0)
        {
            // A line of a file that is no message; the file was changed.
            return true;
        }

        var row = decoded as DecodedMessage.Row;
        if (wasRead == false || (row is not null && partition.IsCertainlyNewer(row)))
        {
            await BeginAnewAsync(partition, delivery, readAt);
            return true;
        }

        var isHarmless = decoded is DecodedMessage.Heartbeat or DecodedMessage.Ignored or DecodedMessage.OtherTable
            || (decoded is DecodedMessage.Null && _nullsAreCompanions == true)
            || (row is not null && partition.IsCertainlyOld(row, _map.LastOf(row.PositionId)));
        if (!isHarmless)
        {
            partition.Doubtful ??= delivery;
        }

        _counts.Add(Op(decoded), "repeat");
        return false;
    }

    private async ValueTask BeginAnewAsync(PartitionOrder partition, Delivery delivery, DateTimeOffset readAt)
    {
        LogAnew(partition.Partition, delivery.Offset, partition.NextOffset - 1);
        await MarkUnprovenAsync(new UnprovenMark(
            $"{partition.Partition} began again at offset {delivery.Offset} after {partition.NextOffset - 1}: the topic was made anew under its old name. "
            + "What it brings is applied; what the old one still held may be lost, until a new snapshot is taken",
            null, [], null, readAt));
        await ApplyNullsAsync(partition, readAt);
        partition.BeginAnew(delivery.Offset);
    }

    /// <summary>The end was reached, and nothing has shown that the messages passed over were the old ones.</summary>
    private async ValueTask SettleDoubtAsync(PartitionOrder partition, DateTimeOffset readAt)
    {
        if (partition.Doubtful is { } first)
        {
            partition.Doubtful = null;
            await MarkUnprovenAsync(new UnprovenMark(
                $"messages of {partition.Partition} from offset {first.Offset} on were passed over, because those offsets had been read before, and nothing shows "
                + "that they are the same messages; they do not count until a new snapshot is taken",
                null, [], null, readAt));
        }
    }

    /// <summary>A newer row of the position came in another partition, or its delete.</summary>
    private bool IsSuperseded(DecodedMessage.Row row, PartitionOrder partition) =>
        row.Source is { } source
        && _map.NewestOf(row.PositionId, partition.Partition, _snapshot.Generation) is { } newest
        && source.IsBefore(newest);

    /// <summary>The same of a null, whose place is only known to lie between the rows around it.</summary>
    private async ValueTask<bool> IsSupersededAsync(
        string positionId, SourcePosition? after, DecodedMessage.Row? next, PartitionOrder partition, Delivery delivery, DateTimeOffset readAt)
    {
        var newest = _map.NewestOf(positionId, partition.Partition, _snapshot.Generation);
        if (newest is null)
        {
            if (partition.Newest is null && _map.CameInAnotherPartition(positionId, partition.Partition))
            {
                await ReportDoubtfulOrderAsync(readAt);
            }

            return false;
        }

        if (after is { } atLeast && !atLeast.IsBefore(newest.Value))
        {
            return false;
        }

        if (next?.Source is { } atMost && atMost.IsBefore(newest.Value))
        {
            return true;
        }

        _unprovenPositions.Add(positionId);
        await MarkUnprovenAsync(new UnprovenMark(
            "a null value came in another partition than the newest row of its position, and nothing tells which of them is newer",
            positionId, _map.DesksOf(positionId), delivery, readAt));
        return true;
    }

    /// <summary>The row is applied, but nothing tells whether it is the newest of its position.</summary>
    private ValueTask DoubtOrderAsync(DecodedMessage.Row row, PartitionOrder partition, DateTimeOffset readAt)
    {
        var isDoubtful = row.Source is { } source
            ? _map.Deleted.Forgotten is { } forgotten && source.IsBefore(forgotten) && row.Snapshot == SnapshotMark.None && !_map.Holds(row.PositionId)
            : _map.CameInAnotherPartition(row.PositionId, partition.Partition);
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
    private async ValueTask DoubtOriginAsync(DecodedMessage.Row row, Delivery delivery, DateTimeOffset readAt)
    {
        if (!_originIsDoubted && _map.IsOfAnotherOrigin(row.PositionId, row.Origin, _snapshot.Generation))
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
            // A snapshot may begin another order of the log, in which old places say nothing.
            _map.Deleted.Clear();
            _generation = _snapshot.Generation;
            _originIsDoubted = false;
        }
    }

    private void ForgetOldDeletes()
    {
        if (!_map.Deleted.IsEmpty)
        {
            var others = _partitions.Values.Where(partition => partition.Newest is not null).Select(partition => partition.Partition);
            _map.Deleted.ForgetBefore(_allPartitions.Union(others).Select(partition => _partitions.TryGetValue(partition, out var order) ? order.Newest : null));
        }
    }

    private async ValueTask CountOtherTableAsync(DecodedMessage.OtherTable other, Delivery delivery, DateTimeOffset readAt)
    {
        _counts.Add("other_table", "counted");
        if (!other.IsToldByTopic && _sharedTopics.Add(delivery.Topic) && _topicsOfNulls.Contains(delivery.Topic))
        {
            await MarkUnprovenAsync(new UnprovenMark(
                "null values were taken for deletes in a topic that has turned out to carry other tables, too: they may have been of those tables",
                null, [], delivery, readAt));
        }

        if (_otherTables.Count < OtherTablesTold && _otherTables.Add(other.Table))
        {
            LogOtherTable(feed.Name, Printable(other.Table), delivery.FeedPartition, _otherTables.Count == OtherTablesTold ? "; more tables are not named" : "");
        }
    }

    private void Dispatch(List<string> desks, DecodedMessage.Row row, Delivery delivery, DateTimeOffset readAt)
    {
        foreach (var desk in desks)
        {
            _dispatcher.Add(desk, new PositionChange(delivery, row.PositionId, null, row.Source, row.TransactionId, row.Time), _mark, readAt);
        }
    }

    private void NotePlaces(FeedBatch batch)
    {
        // A held null is read again after a restart, and so is what came after it.
        if (batch.Places is not null && _partitions.Values.All(partition => partition.HeldNulls.Count == 0))
        {
            foreach (var (place, next) in batch.Places)
            {
                PartitionOf(place).NextOffset = next;
            }
        }
    }

    private static string Op(DecodedMessage decoded) => decoded switch
    {
        DecodedMessage.Row { Snapshot: not SnapshotMark.None } => "snapshot",
        DecodedMessage.Row { After: null } => "delete",
        DecodedMessage.Row => "upsert",
        DecodedMessage.Null => "null",
        DecodedMessage.Truncate => "truncate",
        DecodedMessage.Heartbeat => "heartbeat",
        DecodedMessage.Ignored ignored => ignored.Kind,
        DecodedMessage.OtherTable => "other_table",
        _ => "unreadable",
    };

    private static string Printable(string name) =>
        string.Concat((name.Length > 100 ? name[..100] + "…" : name).Select(character => char.IsControl(character) || char.IsSurrogate(character) ? '?' : character));

    [LoggerMessage(EventId = 3009, EventName = "other_table", Level = LogLevel.Warning,
        Message = "Notice other_table: feed {Feed} carries rows of {Table} ({Partition}), which are not positions and are not applied; "
            + "if they are, name the table in Feed:Debezium:Table and Feed:Debezium:Database{More}")]
    private partial void LogOtherTable(string feed, string table, FeedPartition partition, string more);

    [LoggerMessage(EventId = 3010, EventName = "topic_made_anew", Level = LogLevel.Warning,
        Message = "Notice topic_made_anew: {Partition} began again at offset {Offset} after {Last}")]
    private partial void LogAnew(FeedPartition partition, long offset, long last);
}
