using RiskMonitor.Risk.Journal;
using RiskMonitor.Storage.Database;
using RiskMonitor.Storage.Journal;

namespace RiskMonitor.Storage.MySql;

/// <summary>Journal records, folds and the outbox as rows of MySQL.</summary>
internal sealed class MySqlJournalTables(MySqlStorage storage) : IJournalTables
{
    /// <summary>The most rows of a statement.</summary>
    private const int RowsAtATime = 500;

    private const string Put =
        "INSERT INTO held_positions (desk_id, position_id, trader_id, security_id, quantity, delta, entry_date, currency, updated_at, "
        + "source_log, source_file, source_offset, source_row, feed, generation) VALUES ";

    private const string Replace =
        """

        ON DUPLICATE KEY UPDATE
            trader_id = VALUES(trader_id), security_id = VALUES(security_id), quantity = VALUES(quantity), delta = VALUES(delta),
            entry_date = VALUES(entry_date), currency = VALUES(currency), updated_at = VALUES(updated_at),
            source_log = VALUES(source_log), source_file = VALUES(source_file), source_offset = VALUES(source_offset),
            source_row = VALUES(source_row), feed = VALUES(feed), generation = VALUES(generation)
        """;

    public long NextWriter() => storage.NextWriter();

    public Task AppendAsync(JournalAppend append, CancellationToken cancellationToken) => storage.JournalAsync(session => session.Add(append), cancellationToken);

    public async Task<bool> FoldAsync(JournalFence fence, DeskFold fold, byte[] checkpoint, CancellationToken cancellationToken)
    {
        await fence.Folding.WaitAsync(cancellationToken);
        try
        {
            // Records that were queued before the fold are in the journal before it looks for them. The fold itself may be long, and holds up no record.
            await storage.JournalAsync(_ => { }, cancellationToken);
            return await storage.WriteAsync((connection, db) => FoldAsync(connection, db, fence, fold, checkpoint), cancellationToken);
        }
        catch (FoldRefusedException)
        {
            return false;
        }
        finally
        {
            fence.Folding.Release();
        }
    }

    private static async Task<bool> FoldAsync(MySqlConnector.MySqlConnection connection, DbSession db, JournalFence fence, DeskFold fold, byte[] checkpoint)
    {
        var desk = new
        {
            fence.Desk,
            fold.FoldedBefore,
            fold.Checkpoint.Sequence,
            fence.LoadedSequence,
            fence.Number,
        };

        // What was loaded is the desk's truth; a later record is it only if this writer wrote it.
        var deskId = await db.ScalarAsync<long?>(
            """
            SELECT desk_id FROM desks
            WHERE desk = @Desk AND folded_sequence = @FoldedBefore
                AND (@Sequence <= @LoadedSequence OR EXISTS (
                    SELECT 1 FROM journal WHERE journal.desk_id = desks.desk_id AND journal.sequence = @Sequence AND journal.writer = @Number))
            """,
            desk) ?? throw new FoldRefusedException();

        await db.ExecuteAsync("REPLACE INTO checkpoints (desk_id, checkpoint) VALUES (@DeskId, @Checkpoint)", new { DeskId = deskId, Checkpoint = checkpoint });
        foreach (var removed in fold.Removed.Chunk(RowsAtATime))
        {
            await db.ExecuteAsync("DELETE FROM held_positions WHERE desk_id = @DeskId AND position_id IN @Removed", new { DeskId = deskId, Removed = removed });
        }

        foreach (var changed in fold.Changed.Chunk(RowsAtATime))
        {
            await using var command = Rows(deskId, changed).ToCommand(connection, null);
            await command.ExecuteNonQueryAsync();
        }

        var positions = await db.ScalarAsync<int>("SELECT count(*) FROM held_positions WHERE desk_id = @DeskId", new { DeskId = deskId });

        // Last, because the journal's writer waits for this row: of two folds of a desk only one finds it as it was.
        var folded = await db.ExecuteAsync(
            "UPDATE desks SET folded_sequence = @Sequence, positions = @Positions WHERE desk_id = @DeskId AND folded_sequence = @FoldedBefore",
            new { DeskId = deskId, fold.Checkpoint.Sequence, Positions = positions, fold.FoldedBefore });
        return folded == 1 ? true : throw new FoldRefusedException();
    }

    private static SqlText Rows(long deskId, IEnumerable<HeldPosition> positions)
    {
        var sql = new SqlText().Add(Put);
        foreach (var position in positions)
        {
            var (row, source) = (position.Row, position.Source);
            sql.Row(
                deskId, row.PositionId, row.TraderId, row.SecurityId, row.Quantity.Stored(), row.Delta?.Stored(), row.EntryDate.Stored(), row.Currency, row.UpdatedAt.Stored(),
                source?.Log, source?.File, source?.Offset, source?.Row, position.Feed, position.Generation);
        }

        return sql.Add(Replace);
    }

    /// <summary>Takes back what the fold has written.</summary>
    private sealed class FoldRefusedException : Exception;
}
