using Microsoft.Extensions.Logging;

namespace RiskMonitor.Storage.Journal;

internal sealed partial class DeskJournal
{
    [LoggerMessage(EventId = 3006, EventName = "alert_report_unreadable", Level = LogLevel.Error, Message = "Notice alert_report_unreadable: the report for alert {AlertId} cannot be read ({Problem}) and is not sent; ./run desks check names its desk, ./run desks repair sets it aside")]
    private partial void LogReportUnreadable(string alertId, string problem);
}
