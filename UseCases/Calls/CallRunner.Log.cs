namespace RiskMonitor.UseCases.Calls;

public sealed partial class CallRunner
{
    [LoggerMessage(Level = LogLevel.Error, Message = "Request {RequestId} for {ToolName} failed: {ErrorCode}")]
    private partial void LogFailed(Exception exception, string requestId, string toolName, string errorCode);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Request {RequestId} for {ToolName}: {Outcome} in {LatencyMs} ms")]
    private partial void LogAnswered(string requestId, string toolName, string outcome, double latencyMs);
}
