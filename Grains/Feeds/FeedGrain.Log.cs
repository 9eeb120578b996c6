using Microsoft.Extensions.Logging;

namespace RiskMonitor.Grains.Feeds;

internal sealed partial class FeedGrain
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Feed {Feed}: snapshot {Generation} began")]
    private partial void LogSnapshotBegan(string feed, int generation);

    [LoggerMessage(Level = LogLevel.Information, Message = "Feed {Feed}: snapshot {Generation} is complete")]
    private partial void LogSnapshotCompleted(string feed, int generation);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Feed {Feed}: desk '{Desk}' was not told that snapshot {Generation} is complete; it is told later")]
    private partial void LogDeskNotTold(Exception exception, string feed, string desk, int generation);

    [LoggerMessage(EventId = 3001, EventName = "feed_unproven", Level = LogLevel.Error, Message = "Notice feed_unproven: feed {Feed} is unproven: {Reason} {Delivery}")]
    private partial void LogUnproven(string feed, string reason, string delivery);
}
