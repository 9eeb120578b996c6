using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Sqlite;

/// <summary>
/// The feed of a trading system whose <c>positions</c> live in an SQLite file: triggers write each change to an outbox in the same file, and
/// this reads it, within milliseconds of the commit. Offsets are outbox ids. What a reader can no longer get is replaced by a snapshot.
/// </summary>
public sealed partial class OutboxFeed : IChangeFeed
{
    /// <summary>How many batches are read before they are asked for.</summary>
    internal const int BatchesAhead = 2;

    private static readonly TimeSpan s_shortestWait = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_longestRetry = TimeSpan.FromSeconds(1);

    // A file is announced as written shortly before the commit can be seen, and more may follow.
    private static readonly TimeSpan s_pollOftenFor = TimeSpan.FromMilliseconds(40);

    private readonly OutboxFeedOptions options;
    private readonly TimeProvider time;
    private readonly ILogger<OutboxFeed> logger;
    private readonly FeedPartition partition;
    private long prunedTo;
    private volatile bool isStarted;

    public OutboxFeed(OutboxFeedOptions options, TimeProvider time, ILogger<OutboxFeed> logger)
    {
        options.Validate();
        this.options = options;
        this.time = time;
        this.logger = logger;
        partition = new FeedPartition(options.Topic, 0);
    }

    public string Name => options.Topic;

    public bool IsTotallyOrdered => true;

    /// <summary>The outbox sends this only for a table that was empty when it took its snapshot; a DELETE is emitted row by row.</summary>
    public bool TruncateIsEmptySnapshot => true;

    /// <summary>
    /// Makes the file, the table <c>positions</c>, the outbox and its triggers where they are missing, and says what of the table may lose figures.
    /// Reading does so too at the first start; afterwards only the table's owner creates it.
    /// </summary>
    /// <exception cref="InvalidOperationException">The file or the table cannot be used; the message says why, and the remedy.</exception>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(options.Path))!);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var database = OutboxDatabase.Open(options.Path, mayMakeFile: true);
                database.Prepare(from: null, mayMakeTable: true);
                if (database.UnreadableColumn() is { } unreadable)
                {
                    throw new UnusableTableException($"{unreadable}; write it so, or name another file with {OutboxFeedOptions.Section}:{nameof(OutboxFeedOptions.Path)}.");
                }

                foreach (var doubt in database.Table!.Doubts)
                {
                    LogDoubt(logger, options.Path, doubt);
                }

                isStarted = true;
                return;
            }
            catch (UnusableTableException e)
            {
                throw new InvalidOperationException(e.Message, e);
            }
            catch (SqliteException e) when (MayPass(e) && e.SqliteErrorCode != SQLitePCL.raw.SQLITE_ERROR)
            {
                LogUnavailable(logger, options.Path, attempt, e.Message);
            }
            catch (SqliteException e)
            {
                throw Unusable(e);
            }

            await Task.Delay(RetryAfter(attempt), time, cancellationToken);
        }
    }

    /// <summary>Requests a snapshot of the whole table from the process that reads the file, now or later. A missing trigger means that changes may be missing, too.</summary>
    public static void RequestSnapshot(string path)
    {
        using var database = OutboxDatabase.Open(path, mayMakeFile: false);
        database.DropTrigger();
    }

    public Task<IReadOnlyList<FeedPartition>> PartitionsAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<FeedPartition>>([partition]);

    public IAsyncEnumerable<FeedBatch> ReadAsync(IReadOnlyDictionary<FeedPartition, long> from, CancellationToken cancellationToken) =>
        ReadAhead.OfAsync(stopping => FollowAsync(from, stopping), BatchesAhead, cancellationToken);

    private async IAsyncEnumerable<FeedBatch> FollowAsync(
        IReadOnlyDictionary<FeedPartition, long> from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(options.Path))!);
        using var signal = new FileChangeSignal(options.Path);
        if (signal.Failure is { } failure)
        {
            LogUnwatched(logger, options.Path, options.PollInterval, failure.Message);
        }

        using var tail = new OutboxTail(options, partition, from.GetValueOrDefault(partition), isStart: !isStarted, time, logger);
        var stirredAt = time.GetTimestamp();
        var attempts = 0;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var change = signal.Next;
            var batch = Poll(tail, signal, ref attempts);
            if (batch is not null)
            {
                stirredAt = time.GetTimestamp();
                yield return batch;
            }
            else if (attempts > 0)
            {
                await Task.Delay(RetryAfter(attempts), time, cancellationToken);
            }
            else if (time.GetElapsedTime(stirredAt) < s_pollOftenFor)
            {
                await Task.Delay(s_shortestWait, time, cancellationToken);
            }
            else if (await Task.WhenAny(change, Task.Delay(options.PollInterval, time, cancellationToken)) == change)
            {
                stirredAt = time.GetTimestamp();
            }
        }
    }

    /// <summary>Removes what is done, now and then, beside the reading. A file that is locked just now keeps it until the next time.</summary>
    public async Task CommitAsync(IReadOnlyDictionary<FeedPartition, long> next, CancellationToken cancellationToken)
    {
        var before = next.GetValueOrDefault(partition);
        var pruned = Volatile.Read(ref prunedTo);
        if (before - pruned < options.BatchSize || Interlocked.CompareExchange(ref prunedTo, before, pruned) != pruned)
        {
            return;
        }

        await Task.Run(() => Prune(before, cancellationToken), cancellationToken);
    }

    private FeedBatch? Poll(OutboxTail tail, FileChangeSignal signal, ref int attempts)
    {
        try
        {
            if (signal.TryConsumeReplaced())
            {
                tail.Close();
            }

            var batch = tail.Next();
            isStarted |= tail.IsStarted;
            attempts = 0;
            if (batch?.Lost is { } lost)
            {
                LogLost(logger, lost);
            }

            return batch;
        }
        catch (UnusableTableException e)
        {
            throw new InvalidOperationException(e.Message, e);
        }
        catch (SqliteException e) when (MayPass(e) || (isStarted && !File.Exists(options.Path)))
        {
            attempts++;
            LogUnavailable(logger, options.Path, attempts, e.Message);
            tail.Close();
            return null;
        }
        catch (SqliteException e)
        {
            throw Unusable(e);
        }
    }

    private void Prune(long before, CancellationToken cancellationToken)
    {
        try
        {
            if (File.Exists(options.Path))
            {
                using var database = OutboxDatabase.Open(options.Path, mayMakeFile: false);
                database.Prune(before, options.KeepNewest, cancellationToken);
            }
        }
        catch (SqliteException e)
        {
            LogNotPruned(logger, options.Path, e.Message);
        }
    }

    // Codes of https://www.sqlite.org/rescode.html: what neither waiting nor opening again can mend.
    private static bool MayPass(SqliteException e) => e.SqliteErrorCode is not (SQLitePCL.raw.SQLITE_PERM
        or SQLitePCL.raw.SQLITE_READONLY
        or SQLitePCL.raw.SQLITE_CORRUPT
        or SQLitePCL.raw.SQLITE_CANTOPEN
        or SQLitePCL.raw.SQLITE_AUTH
        or SQLitePCL.raw.SQLITE_NOTADB);

    private static TimeSpan RetryAfter(int attempt) =>
        TimeSpan.FromTicks(Math.Min(s_longestRetry.Ticks, TimeSpan.FromMilliseconds(20).Ticks << Math.Min(attempt - 1, 10)));

    private InvalidOperationException Unusable(SqliteException why) => new(
        $"'{options.Path}' cannot be used as the trading system's file: {why.Message}. Name a writable SQLite file, or one that does not exist yet, with {OutboxFeedOptions.Section}:{nameof(OutboxFeedOptions.Path)}.",
        why);
}
