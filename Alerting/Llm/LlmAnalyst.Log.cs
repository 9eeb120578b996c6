using Microsoft.Extensions.Logging;

namespace RiskMonitor.Alerting.Llm;

internal sealed partial class LlmAnalyst
{
    [LoggerMessage(Level = LogLevel.Information, Message = "The rules write the analysis of alert {AlertId}, because that of the model cannot be proven: {Reason}")]
    private partial void LogRejected(Guid alertId, string reason);
}
