using Microsoft.Extensions.Logging;

namespace RiskMonitor.Grains.Desks;

internal sealed partial class DeskPublisher
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Desk {Desk} could not send a report to alert {AlertId}; the sweep sends it again")]
    private partial void LogReportDelayed(Exception exception, string desk, Guid alertId);
}
