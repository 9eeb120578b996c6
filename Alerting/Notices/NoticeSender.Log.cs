using Microsoft.Extensions.Logging;

namespace RiskMonitor.Alerting.Notices;

internal sealed partial class NoticeSender
{
    [LoggerMessage(EventId = 3305, EventName = "notice_not_sent", Level = LogLevel.Warning, Message = "{Count} notices of {Event} did not reach {Address} and are in the log only: {Reason}")]
    private partial void LogNotSent(string @event, int count, string address, string reason);

    [LoggerMessage(EventId = 3306, EventName = "notices_gone", Level = LogLevel.Warning, Message = "{Address} takes no notices any more (410 Gone); they are in the log only until the next start")]
    private partial void LogGone(string address);
}
