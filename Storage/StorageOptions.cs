using RiskMonitor.Risk.Evidence;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage;

/// <summary>What is configured alike whichever database the monitor keeps its data in.</summary>
public abstract class StorageOptions
{
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

    /// <summary>How long the chains of evidence are kept. Default: 2,557 days, seven years.</summary>
    public TimeSpan EvidenceRetention { get; set; } = TimeSpan.FromDays(2_557);

    /// <summary>How often the heads of the chains of evidence are published, if they have moved. Default: 5 minutes.</summary>
    public TimeSpan EvidenceHeadInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The keys of the chains of evidence (section <c>Evidence</c>).</summary>
    internal EvidenceKeys EvidenceKeys { get; set; } = EvidenceKeys.None;

    /// <summary>How many reads of a pool run at a time.</summary>
    internal int ReadersOf(ReadPool pool) => pool switch
    {
        ReadPool.Upkeep => 1,
        ReadPool.LookUp => Math.Max(1, MaxReaders / 2),
        _ => MaxReaders,
    };

    /// <summary>When a read of a pool is ended; null: only by its caller.</summary>
    internal TimeSpan? TimeLimitOf(ReadPool pool) => pool == ReadPool.Query ? QueryTimeout : null;

    /// <summary>What is wrong with these values: the key, the value, and what to give instead.</summary>
    /// <param name="section">The configuration section that they come from.</param>
    internal List<string> Problems(string section)
    {
        var problems = new List<string>();
        Check(problems, section, MaxGroup >= 1, nameof(MaxGroup), MaxGroup, "give 1 or more, such as 1000");
        Check(problems, section, QueueCapacity >= 1, nameof(QueueCapacity), QueueCapacity, "give 1 or more, such as 10000");
        Check(problems, section, MaxReaders >= 1, nameof(MaxReaders), MaxReaders, "give 1 or more, such as 4");
        Check(problems, section, QueryTimeout > TimeSpan.Zero && QueryTimeout <= TimeSpan.FromHours(1), nameof(QueryTimeout), QueryTimeout, "give a time above 0 and of at most 1 hour, such as 00:00:08");
        Check(problems, section, JournalRetention >= TimeSpan.Zero, nameof(JournalRetention), JournalRetention, "give 0 or more, such as 7.00:00:00");
        Check(problems, section, StateInterval > TimeSpan.Zero, nameof(StateInterval), StateInterval, "give more than 0, such as 01:00:00");
        Check(problems, section, StateAfterBytes >= 1, nameof(StateAfterBytes), StateAfterBytes, "give 1 or more, such as 1048576");
        Check(
            problems, section, StateRetention >= JournalRetention, nameof(StateRetention), StateRetention,
            $"give at least {section}:{nameof(JournalRetention)} ({JournalRetention}), such as 400.00:00:00");
        Check(
            problems, section, EvidenceRetention >= TimeSpan.FromDays(1), nameof(EvidenceRetention), EvidenceRetention, "give 1 day or more, such as 2557.00:00:00");
        Check(
            problems, section, EvidenceHeadInterval >= TimeSpan.FromSeconds(1) && EvidenceHeadInterval <= TimeSpan.FromDays(1), nameof(EvidenceHeadInterval), EvidenceHeadInterval,
            "give a time from 1 second to 1 day, such as 00:05:00");
        return problems;
    }

    internal static void Check(List<string> problems, string section, bool right, string key, object? value, string remedy)
    {
        if (!right)
        {
            problems.Add($"{section}:{key} is '{value}': {remedy}");
        }
    }
}
