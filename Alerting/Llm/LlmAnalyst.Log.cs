using Microsoft.Extensions.Logging;

namespace RiskMonitor.Alerting.Llm;

internal sealed partial class LlmAnalyst
{
    [LoggerMessage(Level = LogLevel.Information, Message = "The rules write the analysis of alert {AlertId}, because that of the model cannot be proven: {Reason}")]
    private partial void LogRejected(Guid alertId, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The model is asked about alert {AlertId} without earlier breaches, because they could not be read")]
    private partial void LogWithoutPast(Exception exception, Guid alertId);
}
