using Microsoft.Extensions.Logging;

namespace RiskMonitor.Grains.Feeds;

internal sealed partial class FeedGrain
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Feed {Feed}: snapshot {Generation} began")]
    private partial void LogSnapshotBegan(string feed, int generation);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Feed {Feed}: that snapshot {Generation} is quiet could not be stored; the owners' next reports say it again")]
    private partial void LogQuietNotStored(Exception exception, string feed, int generation);

    [LoggerMessage(Level = LogLevel.Information, Message = "Feed {Feed}: snapshot {Generation} is complete")]
    private partial void LogSnapshotCompleted(string feed, int generation);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Feed {Feed}: desk '{Desk}' could not be notified that snapshot {Generation} is complete; the feed tries again")]
    private partial void LogDeskNotNotified(Exception exception, string feed, string desk, int generation);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Feed {Feed}: which desks were notified that snapshot {Generation} is complete could not be stored; the next activation notifies them again")]
    private partial void LogNotifiedNotStored(Exception exception, string feed, int generation);

    [LoggerMessage(EventId = 3001, EventName = "feed_unproven", Level = LogLevel.Error, Message = "Notice feed_unproven: feed {Feed} is unproven: {Reason} {Delivery}")]
    private partial void LogUnproven(string feed, string reason, string delivery);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The record of feed {Feed} could not be read again; what is known of it stays")]
    private partial void LogNotReread(Exception exception, string feed);
}
