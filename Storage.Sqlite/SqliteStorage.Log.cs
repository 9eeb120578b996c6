using Microsoft.Extensions.Logging;

namespace RiskMonitor.Storage.Sqlite;

public sealed partial class SqliteStorage
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Files} can be read by other accounts of this machine, and the mode could not be changed; give the files to the account that the monitor runs under, with mode 600")]
    private partial void LogOpenToOthers(string files);

    [LoggerMessage(1, LogLevel.Information, "Opened database {Path}, schema {Schema}, SQLite {Version}")]
    private partial void LogOpened(string path, int schema, string version);
}
