namespace RiskMonitor.McpFrontend.Mcp;

internal sealed partial class McpMessageMiddleware
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "A message could not be read")]
    private partial void LogUnreadable(Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Request {RequestId} failed before it reached a use case")]
    private partial void LogFailed(Exception exception, string requestId);
}
