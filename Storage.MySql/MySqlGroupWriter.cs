using System.Data;
using MySqlConnector;
using RiskMonitor.Storage.Journal;
using RiskMonitor.Storage.Writing;

namespace RiskMonitor.Storage.MySql;

/// <summary>
/// Writes a group of journal records in one transaction: locks the heads of its desks, checks each record's fence against them, and sends one statement
/// for all records. A record that another writer has overtaken fails alone. Deadlocks and lost connections are repeated as long as nothing can have been written.
/// </summary>
internal sealed class MySqlGroupWriter(MySqlDataSource connections, MySqlRetry retry, TimeProvider time) : IGroupWriter<MySqlJournalSession>
{
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
            return await retry.RunAsync(() => WriteAsync(session), CancellationToken.None);
        }
        catch (Exception error) when (error is not StorageWriteException)
        {
            throw StorageWriteException.NothingWritten(error);
        }
    }

    public Task<bool> ProbeAsync(MySqlJournalSession session) => Task.FromResult(session.IsProbe = true);

    public ValueTask DisposeAsync() => connections.DisposeAsync();

    private async Task<TimeSpan> WriteAsync(MySqlJournalSession session)
    {
        await using var connection = await connections.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted);
        var accepted = await AcceptAsync(connection, transaction, session);
        foreach (var statement in JournalStatements.Of(accepted, session.IsProbe))
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

        return time.GetElapsedTime(began);
    }

    /// <returns>The records that follow their desks' newest ones, with the ids of the desks.</returns>
    private static async Task<List<(long DeskId, JournalAppend Append)>> AcceptAsync(MySqlConnection connection, MySqlTransaction transaction, MySqlJournalSession session)
    {
        var accepted = new List<(long DeskId, JournalAppend Append)>(session.Appends.Count);
        var heads = await HeadsAsync(connection, transaction, session.Appends);
        foreach (var (write, append) in session.Appends)
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

    /// <summary>Locks the heads in the order of the names, so that groups of several processes do not stop each other.</summary>
    private static async Task<Dictionary<string, (long DeskId, long Sequence, long Writer)>> HeadsAsync(
        MySqlConnection connection, MySqlTransaction transaction, IReadOnlyList<(PendingWrite<MySqlJournalSession> Write, JournalAppend Append)> appends)
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
}
