using Microsoft.Extensions.Logging;

namespace RiskMonitor.Storage.Sqlite;

internal sealed partial class SqliteGroupWriter
{
    [LoggerMessage(2, LogLevel.Warning, "Closing the writing connection failed; a new one is opened for the next write")]
    private partial void LogCloseFailed(Exception error);
}
