using Microsoft.Extensions.Logging;

namespace RiskMonitor.Storage.MySql;

public sealed partial class MySqlStorage
{
    [LoggerMessage(1, LogLevel.Information, "Opened database {Database} on {Server}, schema {Schema}, server {Version}")]
    private partial void LogOpened(string database, string server, int schema, string version);

    [LoggerMessage(2, LogLevel.Warning, "Waiting for database {Database} on {Server} ({Problem}); the start goes on once it answers. Start it, or correct MySql:ConnectionString")]
    private partial void LogWaiting(string database, string server, string problem);

    [LoggerMessage(3, LogLevel.Information, "Waiting for another process that migrates database {Database}")]
    private partial void LogMigrating(string database);

    [LoggerMessage(4, LogLevel.Warning, "The server does not write each commit to disk before it answers (innodb_flush_log_at_trx_commit is {Value}): what was answered as durable can be lost with the machine. Set it to 1")]
    private partial void LogNotDurable(string value);

    [LoggerMessage(5, LogLevel.Warning, "The server accepts packets of up to {Bytes} bytes; a desk with many positions may need more. Set max_allowed_packet to 64M")]
    private partial void LogSmallPackets(long bytes);

    [LoggerMessage(7, LogLevel.Warning, "The connection to the server {Server} is not encrypted: whoever is between can read and change what is stored. Have the server offer TLS, and set SslMode=VerifyFull (or VerifyCA, or at least Required) in MySql:ConnectionString")]
    private partial void LogNotEncrypted(string server);

    [LoggerMessage(6, LogLevel.Debug, "A write is repeated ({Problem})")]
    private partial void LogRepeated(string problem);
}
