namespace RiskMonitor.Storage.Sqlite;

/// <summary>Where the monitor keeps its own data when it runs on SQLite, and how long it waits.</summary>
public sealed class SqliteStorageOptions : StorageOptions
{
    public const string Section = "Storage";

    /// <summary>The database file; its directory is created. Default: <c>riskmonitor.db</c> in the working directory.</summary>
    public string DatabasePath { get; set; } = "riskmonitor.db";

    /// <summary>How long a write waits for another process that holds the database. Default: 5 s.</summary>
    public TimeSpan BusyTimeout { get; set; } = TimeSpan.FromSeconds(5);
}
