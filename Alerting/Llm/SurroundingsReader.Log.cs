using Microsoft.Extensions.Logging;

namespace RiskMonitor.Alerting.Llm;

internal sealed partial class SurroundingsReader
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The model is asked about alert {AlertId} without {Part}, because it could not be read in time")]
    private partial void LogLeftOut(Exception exception, Guid alertId, string part);
}
