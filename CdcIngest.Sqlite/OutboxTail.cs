using Microsoft.Extensions.Logging;
using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Sqlite;

/// <summary>Follows the end of an outbox. Answers at once, with what there is.</summary>
/// <param name="isStart">The first look may make the file and the table; later ones wait for a client to do so.</param>
internal sealed class OutboxTail(OutboxFeedOptions options, FeedPartition partition, long from, bool isStart, TimeProvider time, ILogger logger) : IDisposable
{
    /// <summary>A client that makes a table fills it next, and fails when it meets our lock and does not wait for it.</summary>
    private static readonly TimeSpan s_quiet = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longestQuiet = TimeSpan.FromSeconds(2);

    /// <summary>How often the table is compared with what was emitted, if it was written since; a large table less often.</summary>
    private static readonly TimeSpan s_compareEvery = TimeSpan.FromSeconds(30);
    private const int ShareOfComparing = 50;

    private readonly FeedPartition[] end = [partition];
    private readonly BatchRing rooms = new(messages: 0, OutboxFeed.BatchesAhead);
    private BatchRoom? room;
    private OutboxDatabase? database;
    private long next = from;
    private string? lost;
    private string? waitsFor;
    private long dataVersion;
    private long schemaVersion;
    private bool isPrepared;
    private bool isAgain;
    private long changedAt;
    private long? unpreparedSince;
    private bool isToCompare;
    private bool areIdsAlike;
    private long comparedAt;
    private TimeSpan compareAfter;
    private bool isAtEnd;
    private bool hasToldEnd;
    private long lastBatchAt = time.GetTimestamp();

    /// <summary>True once file and table were found or created: after that only their owner creates them.</summary>
    public bool IsStarted => !isStart;

    /// <summary>Changes of the table are seen. Otherwise the feed sends no heartbeat and becomes stale.</summary>
    private bool IsWatching => isPrepared && waitsFor is null;

    /// <summary>The next changes, or a heartbeat when one is due; null otherwise.</summary>
    public FeedBatch? Next()
    {
        if (database is null && !Open())
        {
            return null;
        }

        var version = database!.DataVersion;
        if (version != dataVersion)
        {
            changedAt = time.GetTimestamp();
            isToCompare = true;
            isAtEnd = false;
            isPrepared &= database.SchemaVersion == schemaVersion;
        }

        isPrepared = isPrepared || Prepare();
        Compare();
        if (!isAtEnd)
        {
            // What is committed after the version was read changes it again, so that nothing is overlooked.
            // A read that failed may have left something there.
            (room ??= rooms.Next()).Clear();
            var messages = database.Read(partition, next, options.BatchSize, room.Messages);
            dataVersion = version;
            isAtEnd = messages.Count < options.BatchSize;
            if (messages.Count > 0 || (IsWatching && (lost is not null || (isAtEnd && !hasToldEnd))))
            {
                return ToBatch(messages);
            }
        }

        return IsWatching && time.GetElapsedTime(lastBatchAt) >= options.SignOfLifeInterval ? ToBatch([]) : null;
    }

    /// <summary>Lets go of the file; the next look opens it again.</summary>
    public void Close()
    {
        database?.Dispose();
        database = null;
    }

    public void Dispose() => Close();

    private bool Open()
    {
        if (!isStart && !File.Exists(options.Path))
        {
            WaitFor($"there is no file '{options.Path}'; the host makes one only when it starts");
            return false;
        }

        database = OutboxDatabase.Open(options.Path, mayMakeFile: isStart);
        isPrepared = false;
        dataVersion = -1;
        compareAfter = TimeSpan.Zero;
        return true;
    }

    /// <returns>False when that has to wait for clients that are writing.</returns>
    private bool Prepare()
    {
        schemaVersion = database!.SchemaVersion;
        var needsPreparation = database.NeedsPreparation(next, out var reason);
        if (needsPreparation && isAgain && MustWaitForQuiet())
        {
            return false;
        }

        unpreparedSince = null;
        if (needsPreparation || isStart)
        {
            var start = database.Prepare(next, mayMakeTable: isStart);
            (next, lost, reason) = (start.Next, start.Lost ?? lost, start.WaitsFor);
            schemaVersion = database.SchemaVersion;
            if (isAgain)
            {
                Describe();
            }
        }

        WaitFor(reason);
        isStart = false;
        isAgain = true;
        isAtEnd = false;
        compareAfter = TimeSpan.Zero;
        return true;
    }

    private bool MustWaitForQuiet()
    {
        unpreparedSince ??= time.GetTimestamp();
        return time.GetElapsedTime(changedAt) < s_quiet && time.GetElapsedTime(unpreparedSince.Value) < s_longestQuiet;
    }

    private void Compare()
    {
        if (!IsWatching || !isToCompare || time.GetElapsedTime(comparedAt) < compareAfter)
        {
            return;
        }

        var began = time.GetTimestamp();
        var told = database!.EmitDifferences();
        var areAlike = database.HasIdsThatReadAlike();
        if (areAlike && !areIdsAlike)
        {
            lost ??= "rows of positions have ids that read the same, such as the number 1 and the text '1', and were taken for one position; "
                + "declare position_id as TEXT or INTEGER, or give the rows other ids";
        }

        areIdsAlike = areAlike;
        comparedAt = time.GetTimestamp();
        var took = time.GetElapsedTime(began) * ShareOfComparing;
        compareAfter = took > s_compareEvery ? took : s_compareEvery;
        isToCompare = false;
        if (told > 0)
        {
            isAtEnd = false;
            OutboxFeed.LogDiffered(logger, options.Path, told);
        }
    }

    private void WaitFor(string? reason)
    {
        if (reason is not null && reason != waitsFor)
        {
            OutboxFeed.LogWaiting(logger, reason);
        }

        waitsFor = reason;
    }

    // At a start the host says so before it reads.
    private void Describe()
    {
        foreach (var doubt in database!.Table?.Doubts ?? [])
        {
            OutboxFeed.LogDoubt(logger, options.Path, doubt);
        }

        if (database.Table is not null && database.UnreadableColumn() is { } unreadable)
        {
            OutboxFeed.LogDoubt(logger, options.Path, unreadable);
        }
    }

    private FeedBatch ToBatch(List<FeedMessage> messages)
    {
        var batch = new FeedBatch(messages, isAtEnd && IsWatching ? end : [], time.GetUtcNow(), lost, MoreFollows: !isAtEnd);
        next = messages.Count > 0 ? messages[^1].Delivery.Offset + 1 : next;
        hasToldEnd = isAtEnd;
        lost = null;
        room = null;
        lastBatchAt = time.GetTimestamp();
        return batch;
    }
}
