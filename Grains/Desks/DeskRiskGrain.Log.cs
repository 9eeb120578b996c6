using Microsoft.Extensions.Logging;

namespace RiskMonitor.Grains.Desks;

internal sealed partial class DeskRiskGrain
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "Desk {Desk} activated at journal sequence {Sequence} with {Positions} positions")]
    private partial void LogActivated(string desk, long sequence, int positions);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Desk {Desk} could not write its journal and will load it again")]
    private partial void LogJournalFailed(Exception exception, string desk);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Desk {Desk} could not hand a report to alert {AlertId}; the sweep will")]
    private partial void LogReportDelayed(Exception exception, string desk, Guid alertId);
}
