namespace RiskMonitor.UseCases.Calls;

public sealed partial class AuditTrail
{
    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} entries of the audit log could not be written; they are tried again until they can be")]
    private partial void LogNotWritten(Exception exception, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} entries of the audit log were dropped since the last message, because {MostWaiting} waited already (Audit:MostWaiting)")]
    private partial void LogDropped(long count, int mostWaiting);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old entries of the audit log could not be removed; tried again in an hour")]
    private partial void LogNotPruned(Exception exception);
}
