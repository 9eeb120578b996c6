using Microsoft.Extensions.Logging;

namespace RiskMonitor.Grains.Alerts;

internal sealed partial class AlertGrain
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The {Work} of alert {AlertId} failed; it begins again when its lease runs out")]
    private partial void LogWorkFailed(Exception exception, string work, Guid alertId);

    [LoggerMessage(Level = LogLevel.Error, Message = "Alert {AlertId} is delivered without an analysis, because the analyst failed")]
    private partial void LogNotAnalysed(Exception exception, Guid alertId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The reminder of alert {AlertId} could not be changed; the next tick or the sweep repeats it")]
    private partial void LogReminderFailed(Exception exception, Guid alertId);

    [LoggerMessage(EventId = 3003, EventName = "alert_dead_letter", Level = LogLevel.Error, Message = "Notice alert_dead_letter: no attempt is left for alert {AlertId} ({Detail}); send it again with POST /api/v1/alerts/{AlertId}/replay, or acknowledge it")]
    private partial void LogDeadLetter(Guid alertId, string detail);

    [LoggerMessage(EventId = 3013, EventName = "alert_unacknowledged", Level = LogLevel.Error, Message = "Notice alert_unacknowledged: alert {AlertId} reached the end of its escalation ({Detail}); find somebody who acknowledges it, with POST /api/v1/alerts/{AlertId}/ack or in the console")]
    private partial void LogUnacknowledged(Guid alertId, string detail);
}
