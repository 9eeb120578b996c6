using Microsoft.Extensions.Logging;

namespace RiskMonitor.Silo;

internal sealed partial class Sweep
{
    [LoggerMessage(Level = LogLevel.Information, Message = "The sweep found {Count} {What}")]
    private partial void LogFound(int count, string what);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The sweep could not take up one item; the next sweep tries again")]
    private partial void LogItemFailed(Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The sweep of {What} failed; the next sweep tries again")]
    private partial void LogFailed(Exception exception, string what);
}
