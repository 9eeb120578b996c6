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

    /// <summary>The most reads of users at a time, and as many for grains that load; half as many for short look-ups. Default: 4.</summary>
    public int MaxReaders { get; set; } = 4;

    /// <summary>A user's read that takes longer is ended. Default: 8 s.</summary>
    public TimeSpan QueryTimeout { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>How far back answers about the past are exact to the change; journal records older than needed for that are removed. Default: 7 days.</summary>
    public TimeSpan JournalRetention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>A desk's state is kept at the latest this long after the one before, if anything has changed. Default: 1 hour.</summary>
    public TimeSpan StateInterval { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// A desk's state is kept after about this many bytes of journal, or four times the state's size if that is more: an answer about the past
    /// replays no more than that. Default: 1 MiB, some 20,000 changes.
    /// </summary>
    public int StateAfterBytes { get; set; } = 1024 * 1024;

    /// <summary>How long states are kept, one a day once the journal of that day is gone. Default: 400 days.</summary>
    public TimeSpan StateRetention { get; set; } = TimeSpan.FromDays(400);
}
