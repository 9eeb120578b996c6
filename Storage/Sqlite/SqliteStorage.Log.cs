using Microsoft.Extensions.Logging;

namespace RiskMonitor.Storage.Sqlite;

public sealed partial class SqliteStorage
{
    [LoggerMessage(1, LogLevel.Information, "Opened database {Path}, schema {Schema}, SQLite {Version}")]
    private partial void LogOpened(string path, int schema, string version);
}
