using Microsoft.Extensions.Logging;

namespace RiskMonitor.Storage.Journal;

internal sealed partial class JournalRetention
{
    [LoggerMessage(1, LogLevel.Warning, "The state of desk {Desk} could not be kept; it is tried again")]
    private partial void LogNotKept(string desk, Exception error);

    [LoggerMessage(2, LogLevel.Warning, "The journal of desk {DeskId} (its id) could not be thinned; it is tried again")]
    private partial void LogNotPruned(long deskId, Exception error);
}
