using System.Data;
using MySqlConnector;
using RiskMonitor.Storage.Journal;
using RiskMonitor.Storage.Writing;

using PendingAppend = (RiskMonitor.Storage.Writing.PendingWrite<RiskMonitor.Storage.MySql.MySqlJournalSession> Write, RiskMonitor.Storage.Journal.JournalAppend Append);

namespace RiskMonitor.Storage.MySql;

/// <summary>
/// Writes a group of journal records in one transaction: locks the heads of its desks, checks each record's fence against them, and sends one statement
/// for all records. A record that another writer has overtaken, or whose desk stays locked, fails alone. Deadlocks and lost connections are repeated as long as nothing can have been written.
/// </summary>
internal sealed class MySqlGroupWriter(MySqlDataSource connections, MySqlRetry retry, TimeProvider time) : IGroupWriter<MySqlJournalSession>
{
    /// <summary>For how long a group tries to write the records of a desk that is locked. Folds and upkeep lock one for some milliseconds.</summary>
    private static readonly TimeSpan s_lockWait = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan s_lockPause = TimeSpan.FromMilliseconds(10);

    public async Task<TimeSpan> WriteAsync(IReadOnlyList<PendingWrite<MySqlJournalSession>> group)
    {
        var session = new MySqlJournalSession();
        foreach (var write in group)
        {
            session.Current = write;
            await write.RunAsync(session);
        }

        if (session.Appends.Count == 0 && !session.IsProbe)
        {
            return TimeSpan.Zero;
        }

        try
        {
            return await WriteAsync(session.IsProbe, session.Appends);
        }
        catch (Exception error) when (error is not StorageWriteException)
        {
            return session.Appends.Count > 1 && !MySqlFaults.IsOfTheServer(error) ? await WriteOneByOneAsync(session.Appends) : throw StorageWriteException.NothingWritten(error);
        }
    }

    public Task<bool> ProbeAsync(MySqlJournalSession session) => Task.FromResult(session.IsProbe = true);

    public ValueTask DisposeAsync() => connections.DisposeAsync();

    /// <summary>The server refuses something of the group for good, such as a record that is too long: only the desk of it may fail.</summary>
    private async Task<TimeSpan> WriteOneByOneAsync(IEnumerable<PendingAppend> appends)
    {
        var took = TimeSpan.Zero;
        foreach (var write in appends.GroupBy(append => append.Write))
        {
            try
            {
                took += await WriteAsync(isProbe: false, [.. write]);
            }
            catch (Exception error)
            {
                write.Key.Failure = AsNothingWritten(error);
            }
        }

        return took;
    }

    /// <summary>Writes what it can at once, and tries the records of desks that another connection has locked for a while longer.</summary>
    private async Task<TimeSpan> WriteAsync(bool isProbe, IReadOnlyList<PendingAppend> appends)
    {
        var began = time.GetTimestamp();
        var (took, locked) = await retry.RunAsync(() => WriteOnceAsync(isProbe, appends), CancellationToken.None);
        return locked.Count == 0 ? took : took + await WriteLockedAsync(locked, began);
    }

    /// <summary>
    /// The lock may be of a silo that stands still, and the other desks must not wait for it: records of a desk that stays locked fail. The other records of
    /// the group are committed, so that nothing is thrown here.
    /// </summary>
    private async Task<TimeSpan> WriteLockedAsync(IReadOnlyList<PendingAppend> locked, long began)
    {
        var took = TimeSpan.Zero;
        Exception failure = new TimeoutException("another connection has locked the desk");
        try
        {
            while (locked.Count > 0 && time.GetElapsedTime(began) < s_lockWait)
            {
                await Task.Delay(s_lockPause, time);
                var again = locked;
                (var more, locked) = await retry.RunAsync(() => WriteOnceAsync(isProbe: false, again), CancellationToken.None);
                took += more;
            }
        }
        catch (Exception error)
        {
            failure = error;
        }

        foreach (var (write, _) in locked)
        {
            write.Failure = AsNothingWritten(failure);
        }

        return took;
    }

    private static StorageWriteException AsNothingWritten(Exception error) => error as StorageWriteException ?? StorageWriteException.NothingWritten(error);

    /// <returns>How long the commit took, and the records of desks that are locked.</returns>
    private async Task<(TimeSpan Took, IReadOnlyList<PendingAppend> Locked)> WriteOnceAsync(bool isProbe, IReadOnlyList<PendingAppend> appends)
    {
        await using var connection = await connections.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted);
        var heads = await HeadsAsync(connection, transaction, appends);
        var locked = await LockedAsync(connection, transaction, [.. appends.Select(append => append.Append.Record.Desk).Where(desk => !heads.ContainsKey(desk)).Distinct()]);
        var byLock = appends.ToLookup(append => locked.Contains(append.Append.Record.Desk));
        var accepted = Accept(heads, byLock[false]);
        foreach (var statement in JournalStatements.Of(accepted, isProbe))
        {
            await using var command = statement.ToCommand(connection, transaction);
            await command.ExecuteNonQueryAsync();
        }

        var began = time.GetTimestamp();
        try
        {
            await transaction.CommitAsync();
        }
        catch (Exception error)
        {
            throw StorageWriteException.CommitFailed(error);
        }

        return (time.GetElapsedTime(began), [.. byLock[true]]);
    }

    /// <returns>The records that follow their desks' newest ones, with the ids of the desks.</returns>
    private static List<(long DeskId, JournalAppend Append)> Accept(Dictionary<string, (long DeskId, long Sequence, long Writer)> heads, IEnumerable<PendingAppend> appends)
    {
        var accepted = new List<(long DeskId, JournalAppend Append)>();
        foreach (var (write, append) in appends)
        {
            // Failures of an attempt that was rolled back say nothing of this one.
            var (record, fence) = (append.Record, append.Fence);
            var isNext = heads.TryGetValue(record.Desk, out var head)
                && record.Sequence == head.Sequence + 1
                && (record.Sequence == 1 || head.Writer == fence.WriterBefore(record.Sequence));
            write.Failure = isNext ? null : new RiskMonitor.Risk.Journal.JournalConflictException(record.Desk, record.Sequence);
            if (isNext)
            {
                heads[record.Desk] = (head.DeskId, record.Sequence, fence.Number);
                accepted.Add((head.DeskId, append));
            }
        }

        return accepted;
    }

    /// <summary>Locks the heads that nobody else has locked, in the order of the names.</summary>
    private static async Task<Dictionary<string, (long DeskId, long Sequence, long Writer)>> HeadsAsync(
        MySqlConnection connection, MySqlTransaction transaction, IReadOnlyList<PendingAppend> appends)
    {
        var heads = new Dictionary<string, (long DeskId, long Sequence, long Writer)>(StringComparer.Ordinal);
        if (appends.Count == 0)
        {
            return heads;
        }

        await using var command = JournalStatements.Heads(appends.Select(append => append.Append)).ToCommand(connection, transaction);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            heads.Add(Database.StoredValues.Text(reader, 1), (reader.GetInt64(0), reader.GetInt64(2), reader.GetInt64(3)));
        }

        return heads;
    }

    /// <returns>Of desks whose heads were passed over, those that there are: another connection has locked them.</returns>
    private static async Task<HashSet<string>> LockedAsync(MySqlConnection connection, MySqlTransaction transaction, IReadOnlyCollection<string> passedOver)
    {
        var locked = new HashSet<string>(StringComparer.Ordinal);
        if (passedOver.Count == 0)
        {
            return locked;
        }

        await using var command = JournalStatements.Known(passedOver).ToCommand(connection, transaction);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            locked.Add(Database.StoredValues.Text(reader, 0));
        }

        return locked;
    }
}
