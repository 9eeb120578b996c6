using Microsoft.Extensions.Logging;

namespace RiskMonitor.Grains.Alerts;

internal sealed partial class AlertGrain
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The {Work} of alert {AlertId} failed; it is begun again when its lease runs out")]
    private partial void LogWorkFailed(Exception exception, string work, Guid alertId);
}
