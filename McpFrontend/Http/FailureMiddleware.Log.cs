namespace RiskMonitor.McpFrontend.Http;

internal sealed partial class FailureMiddleware
{
    [LoggerMessage(Level = LogLevel.Error, Message = "Request {RequestId} failed outside of any use case")]
    private partial void LogFailed(Exception exception, string requestId);
}
