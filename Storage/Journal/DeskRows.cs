using System.Data.Common;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Positions;
using RiskMonitor.Storage.Codec;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.Journal;

/// <summary>A desk's rows: its checkpoint, its positions as they were folded, the journal since.</summary>
internal static class DeskRows
{
    private const string PositionColumns =
        "position_id, trader_id, security_id, quantity, delta, entry_date, currency, updated_at, source_log, source_file, source_offset, source_row, feed, generation";

    /// <summary>To be read in one snapshot of the database: rows, checkpoint and tail belong together.</summary>
    /// <exception cref="DeskUnreadableException">A part of it cannot be read.</exception>
    public static async Task<LoadedDesk> LoadAsync(IDatabase database, DbSession db, string desk)
    {
        try
        {
            return await LoadRowsAsync(db, desk);
        }
        catch (Exception error) when (database.IsOfTheRow(error))
        {
            throw new DeskUnreadableException(desk, error.Message, error);
        }
    }

    private static async Task<LoadedDesk> LoadRowsAsync(DbSession db, string desk)
    {
        var heads = await db.ListAsync(
            "SELECT desk_id, head_sequence, head_writer, folded_sequence, checkpoint FROM desks LEFT JOIN checkpoints USING (desk_id) WHERE desk = @Desk",
            row => (DeskId: row.GetInt64(0), Sequence: row.GetInt64(1), Writer: row.GetInt64(2), Folded: row.GetInt64(3), Checkpoint: row.IsDBNull(4) ? null : row.Blob(4)),
            new { Desk = desk });
        if (heads.Count == 0)
        {
            return new LoadedDesk(new StoredDesk(null, [], []), 0, 0);
        }

        var head = heads[0];
        var checkpoint = head.Checkpoint is null ? null : Checkpoint(head.Checkpoint);
        var folded = checkpoint?.Sequence ?? 0;
        if (folded != head.Folded)
        {
            throw new InvalidDataException($"its checkpoint is of record {folded}, and its rows were folded up to record {head.Folded}");
        }

        var tail = await db.ListAsync(
            "SELECT sequence, record FROM journal WHERE desk_id = @DeskId AND sequence > @Folded ORDER BY sequence",
            row => StoredRecord.Decode(desk, row.GetInt64(0), row.Blob(1)),
            new { head.DeskId, head.Folded });
        if (head.Folded + tail.Count != head.Sequence)
        {
            throw new InvalidDataException($"records are missing: {tail.Count} follow record {head.Folded}, and the newest is record {head.Sequence}");
        }

        return new LoadedDesk(new StoredDesk(checkpoint, await PositionsAsync(db, head.DeskId, desk), tail), head.Sequence, head.Writer);
    }

    private static DeskCheckpoint Checkpoint(byte[] bytes)
    {
        try
        {
            return JournalCodec.DecodeCheckpoint(bytes);
        }
        catch (Exception error)
        {
            throw new InvalidDataException($"its checkpoint cannot be read: {error.Message}", error);
        }
    }

    /// <summary>A desk's rows as of its last fold.</summary>
    public static Task<List<HeldPosition>> PositionsAsync(DbSession db, long deskId, string desk) => db.ListAsync(
        $"SELECT {PositionColumns} FROM held_positions WHERE desk_id = @DeskId",
        row => Position(row, desk),
        new { DeskId = deskId });

    /// <summary>Those of a desk's rows that can be read, and how many cannot.</summary>
    public static async Task<(List<HeldPosition> Positions, int Lost)> ReadablePositionsAsync(DbSession db, long deskId, string desk)
    {
        var rows = await db.ListAsync(
            $"SELECT {PositionColumns} FROM held_positions WHERE desk_id = @DeskId",
            row => Unreadable.TryRead(() => Position(row, desk), out var held, out _) ? held : null,
            new { DeskId = deskId });
        var readable = rows.OfType<HeldPosition>().ToList();
        return (readable, rows.Count - readable.Count);
    }

    /// <summary>The parameters of a row.</summary>
    public static object Parameters(long deskId, HeldPosition position)
    {
        var row = position.Row;
        return new
        {
            DeskId = deskId,
            row.PositionId,
            row.TraderId,
            row.SecurityId,
            Quantity = row.Quantity.Stored(),
            Delta = row.Delta?.Stored(),
            EntryDate = row.EntryDate.Stored(),
            row.Currency,
            UpdatedAt = row.UpdatedAt.Stored(),
            SourceLog = position.Source?.Log,
            SourceFile = position.Source?.File,
            SourceOffset = position.Source?.Offset,
            SourceRow = position.Source?.Row,
            position.Feed,
            position.Generation,
        };
    }

    /// <summary>Stores rows of a desk that has none.</summary>
    public static Task InsertAsync(DbSession db, long deskId, IEnumerable<HeldPosition> positions) => db.ExecuteAsync(
        $"""
        INSERT INTO held_positions (desk_id, {PositionColumns})
        VALUES (
            @DeskId, @PositionId, @TraderId, @SecurityId, @Quantity, @Delta, @EntryDate, @Currency, @UpdatedAt,
            @SourceLog, @SourceFile, @SourceOffset, @SourceRow, @Feed, @Generation)
        """,
        positions.Select(position => Parameters(deskId, position)).ToList());

    /// <param name="first">The column of <c>source_log</c>; file, offset and row follow.</param>
    public static SourcePosition? Source(DbDataReader row, int first) => row.IsDBNull(first)
        ? null
        : new SourcePosition(string.Intern(row.Text(first)), row.GetInt64(first + 1), row.GetInt64(first + 2), row.GetInt32(first + 3));

    private static HeldPosition Position(DbDataReader row, string desk) =>
        Unreadable.TryRead(() => HeldPosition(row, desk), out var held, out var problem)
            ? held
            : throw new InvalidDataException($"the row of position '{(row.IsDBNull(0) ? "" : row.Text(0))}' cannot be read: {problem}");

    private static HeldPosition HeldPosition(DbDataReader row, string desk) => new(
        new Position(
            row.Text(0),
            row.Text(1),
            desk,
            row.Text(2),
            row.Decimal(3),
            row.DecimalOrNull(4),
            row.Date(5),
            row.Text(6),
            row.InstantOrNull(7)),
        Source(row, 8),
        row.Text(12),
        row.GetInt32(13));
}

/// <summary>A desk as it is stored, and its newest record.</summary>
internal readonly record struct LoadedDesk(StoredDesk Desk, long HeadSequence, long HeadWriter);
