namespace RiskMonitor.CdcIngest.Sqlite;

/// <summary>Where the trading system's SQLite file is, and how closely it is watched.</summary>
public sealed class OutboxFeedOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Feed:Outbox";

    /// <summary>The trading system's file; made when it does not exist.</summary>
    public string Path { get; set; } = "positions.db";

    /// <summary>The name under which its changes appear.</summary>
    public string Topic { get; set; } = "positions_cdc";

    /// <summary>How often to look for changes when the file system announces none.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How often to say that the feed lives when there are no changes.</summary>
    public TimeSpan SignOfLifeInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The most changes in one batch.</summary>
    public int BatchSize { get; set; } = 1_000;

    /// <summary>Changes that are done for good are removed, but this many of the newest are kept to be looked at.</summary>
    public int KeepNewest { get; set; } = 1_000;

    /// <exception cref="InvalidOperationException">A value is unusable; the message names key, value and remedy.</exception>
    public void Validate()
    {
        Require(!string.IsNullOrWhiteSpace(Path), nameof(Path), Path, "give the path of the trading system's SQLite file");
        Require(!string.IsNullOrWhiteSpace(Topic), nameof(Topic), Topic, "give a name for the feed, such as positions_cdc");
        Require(PollInterval > TimeSpan.Zero, nameof(PollInterval), PollInterval, "give a time above zero, such as 00:00:00.250");
        Require(SignOfLifeInterval > TimeSpan.Zero, nameof(SignOfLifeInterval), SignOfLifeInterval, "give a time above zero, such as 00:00:02");
        Require(BatchSize is > 0 and <= 100_000, nameof(BatchSize), BatchSize, "give a number from 1 to 100000");
        Require(KeepNewest >= 0, nameof(KeepNewest), KeepNewest, "give 0 or more");
    }

    private static void Require(bool isGood, string key, object? value, string remedy)
    {
        if (!isGood)
        {
            throw new InvalidOperationException($"{Section}:{key} is '{value}'; {remedy}.");
        }
    }
}
