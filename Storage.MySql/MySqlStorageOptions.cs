namespace RiskMonitor.Storage.MySql;

/// <summary>Where the monitor keeps its own data when it runs on MySQL or MariaDB, and how long it waits.</summary>
public sealed class MySqlStorageOptions : StorageOptions
{
    public const string Section = "MySql";

    /// <summary>
    /// As MySqlConnector reads it: server, database, user, and <c>SslMode</c> with its certificates. The database must exist. Pool sizes and time-outs are set
    /// by the other options, whatever the text says of them.
    /// </summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>How long opening a connection may take. Default: 5 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>A statement that takes longer is ended; reads of users have <see cref="StorageOptions.QueryTimeout"/>. Default: 30 s.</summary>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The most transactions at a time that write something else than the journal, which has a connection of its own. Default: 8.</summary>
    public int MaxWriters { get; set; } = 8;

    /// <summary>
    /// How often a write is repeated after a deadlock, a wait for a lock that took too long, or a lost connection, with growing pauses of 20 ms to 2 s. Default: 6.
    /// </summary>
    public int WriteRetries { get; set; } = 6;
}
