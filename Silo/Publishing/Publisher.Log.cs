using Microsoft.Extensions.Logging;

namespace RiskMonitor.Silo.Publishing;

internal sealed partial class Publisher
{
    [LoggerMessage(EventId = 3202, EventName = "alerts_not_published", Level = LogLevel.Error, Message = "Notice alerts_not_published: the topic of alerts cannot be written ({Reason}). Alerts go on; their messages are kept and tried again")]
    private partial void LogNotPublished(string reason);

    [LoggerMessage(EventId = 3203, EventName = "alert_messages_expired", Level = LogLevel.Error, Message = "Notice alert_messages_expired: {Count} messages of the topic of alerts could not be published for {Retention} and were given up; the alerts themselves are kept")]
    private partial void LogExpired(int count, TimeSpan retention);

    [LoggerMessage(EventId = 3204, EventName = "alert_message_refused", Level = LogLevel.Error, Message = "Notice alert_message_refused: message {MessageId} of type {Type} was refused by the brokers and given up ({Reason}); the alert itself is kept")]
    private partial void LogRefused(string messageId, string type, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Another silo publishes the topic of alerts from now on ({Reason})")]
    private partial void LogFenced(string reason);
}
