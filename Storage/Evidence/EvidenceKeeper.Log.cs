using Microsoft.Extensions.Logging;

namespace RiskMonitor.Storage.Evidence;

internal sealed partial class EvidenceKeeper
{
    [LoggerMessage(EventId = 3014, EventName = "evidence_head", Level = LogLevel.Information, Message = "Evidence head {Head}")]
    private partial void LogHead(string head);

    [LoggerMessage(2, LogLevel.Warning, "The chains of evidence could not be linked or pruned; it is tried again")]
    private partial void LogFailed(Exception error);
}
