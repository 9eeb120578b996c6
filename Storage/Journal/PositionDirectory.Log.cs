using Microsoft.Extensions.Logging;

namespace RiskMonitor.Storage.Journal;

internal sealed partial class PositionDirectory
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The positions of desk '{Desk}' cannot all be read; its feed goes on with those that can")]
    private partial void LogUnreadable(string desk, Exception error);
}
