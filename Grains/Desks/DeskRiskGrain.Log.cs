using Microsoft.Extensions.Logging;

namespace RiskMonitor.Grains.Desks;

internal sealed partial class DeskRiskGrain
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "Desk {Desk} activated at journal sequence {Sequence} with {Positions} positions")]
    private partial void LogActivated(string desk, long sequence, int positions);

    [LoggerMessage(EventId = 3004, EventName = "desk_unavailable", Level = LogLevel.Error, Message = "Notice desk_unavailable: desk '{Desk}' cannot be read: {Problem}. It takes no changes and gives no answers until it is repaired: ./run desks repair --desk '{Desk}'. All other desks go on")]
    private partial void LogUnavailable(string desk, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "Desk '{Desk}' can be read again")]
    private partial void LogAvailable(string desk);

    [LoggerMessage(EventId = 3005, EventName = "limits_unreadable", Level = LogLevel.Error, Message = "Notice limits_unreadable: desk '{Desk}' is judged by the limits it last knew, because {Problem}. Writing the limit's next version replaces the row")]
    private partial void LogLimitsUnreadable(string desk, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Desk {Desk} could not write its journal and loads it again")]
    private partial void LogJournalFailed(Exception exception, string desk);
}
