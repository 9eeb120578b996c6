namespace RiskMonitor.McpFrontend.Http;

internal static partial class HealthRoutes
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Not ready: writes fail since {Since}")]
    private static partial void LogNotWritable(ILogger logger, string since);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Not ready: a write has been waiting for {Waiting}")]
    private static partial void LogWriteWaits(ILogger logger, TimeSpan waiting);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Not ready: {Part} does not answer")]
    private static partial void LogNotReady(ILogger logger, Exception exception, string part);
}
