namespace RiskMonitor.Storage.Sqlite;

/// <summary>Where the monitor keeps its own data when it runs on SQLite, and how patient it is.</summary>
public sealed class SqliteStorageOptions
{
    public const string Section = "Storage";

    /// <summary>The database file; its directory is created. Default: <c>riskmonitor.db</c> in the working directory.</summary>
    public string DatabasePath { get; set; } = "riskmonitor.db";

    /// <summary>How long a write waits for another process that holds the database. Default: 5 s.</summary>
    public TimeSpan BusyTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The most writes that share one commit. Default: 1,000.</summary>
    public int MaxGroup { get; set; } = 1_000;

    /// <summary>The most writes that wait for a commit; more wait with their callers. Default: 10,000.</summary>
    public int QueueCapacity { get; set; } = 10_000;

    /// <summary>The most reads at a time. Default: 4.</summary>
    public int MaxReaders { get; set; } = 4;

    /// <summary>How long journal records are kept after they were folded. Default: 7 days.</summary>
    public TimeSpan JournalRetention { get; set; } = TimeSpan.FromDays(7);
}
