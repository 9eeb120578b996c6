namespace RiskMonitor.UseCases.Asking;

public sealed partial class AskRisk
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Question {RequestId} is answered by rules: {Reason}")]
    private partial void LogRejected(string requestId, string reason);
}
