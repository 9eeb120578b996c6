using Microsoft.Extensions.Logging;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Pipeline;

internal sealed partial class IngestPipeline
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Feed {Feed} did not receive a report of its ingest; the next report follows")]
    private partial void LogNotReported(Exception exception, string feed);

    [LoggerMessage(Level = LogLevel.Information, Message = "Feed {Feed} opened: {Positions} positions known, {Done} messages done before")]
    private partial void LogOpened(string feed, int positions, long done);

    [LoggerMessage(Level = LogLevel.Information, Message = "Feed {Feed} has been read to its end")]
    private partial void LogEnded(string feed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Partition} begins with changes, and not all other partitions have shown within {Wait} whether they begin with a snapshot; its changes are applied")]
    private partial void LogNotAllBegan(FeedPartition partition, TimeSpan wait);

    [LoggerMessage(EventId = 3002, EventName = "change_unreadable", Level = LogLevel.Warning, Message = "Notice change_unreadable: message {Delivery} cannot be read and went to the dead letters: {Reason}")]
    private partial void LogUnreadable(Delivery delivery, string reason);

    [LoggerMessage(EventId = 3009, EventName = "other_table", Level = LogLevel.Warning,
        Message = "Notice other_table: feed {Feed} carries rows of {Table} ({Partition}), which are not positions and are not applied; "
            + "if they are, name the table in Feed:Debezium:Table and Feed:Debezium:Database{More}")]
    private partial void LogOtherTable(string feed, string table, FeedPartition partition, string more);

    [LoggerMessage(EventId = 3010, EventName = "topic_made_anew", Level = LogLevel.Warning,
        Message = "Notice topic_made_anew: {Partition} began again at offset {Offset} after {Last}")]
    private partial void LogRecreated(FeedPartition partition, long offset, long last);
}
