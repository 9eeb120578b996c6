namespace RiskMonitor.McpFrontend.Metrics;

internal sealed partial class MetricsExport
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "An instrument could not be read for /metrics; the others are shown")]
    private partial void LogNotObserved(Exception exception);
}
