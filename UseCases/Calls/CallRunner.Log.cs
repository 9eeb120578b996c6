namespace RiskMonitor.UseCases.Calls;

public sealed partial class CallRunner
{
    [LoggerMessage(Level = LogLevel.Error, Message = "Request {request_id} for {tool_name} failed: {error_code}")]
    private partial void LogFailed(Exception exception, string request_id, string tool_name, string error_code);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Request {request_id} for {tool_name}: {outcome} in {latency_ms} ms")]
    private partial void LogAnswered(string request_id, string tool_name, string outcome, double latency_ms);
}
