using Microsoft.Extensions.Logging;

namespace RiskMonitor.Storage.Sqlite;

internal sealed partial class SqliteWriter
{
    [LoggerMessage(1, LogLevel.Error, "A group of {Count} writes was lost (at its commit: {AtCommit}); their callers were told")]
    private partial void LogGroupLost(int count, bool atCommit, Exception error);

    [LoggerMessage(2, LogLevel.Warning, "Closing the writing connection failed; a new one is opened for the next write")]
    private partial void LogCloseFailed(Exception error);
}
