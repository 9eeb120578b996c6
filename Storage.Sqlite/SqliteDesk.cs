using Microsoft.Data.Sqlite;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Positions;
using RiskMonitor.Storage.Codec;
using RiskMonitor.Storage.Database;
using RiskMonitor.Storage.Journal;

namespace RiskMonitor.Storage.Sqlite;

/// <summary>A desk's rows: its checkpoint, its positions as they were folded, the journal since.</summary>
internal static class SqliteDesk
{
    private const string PositionColumns =
        "position_id, trader_id, security_id, quantity, delta, entry_date, currency, updated_at, source_log, source_file, source_offset, source_row, feed, generation";

    /// <summary>To be read in one snapshot of the database: rows, checkpoint and tail belong together.</summary>
    /// <exception cref="DeskUnreadableException">A part of it cannot be read.</exception>
    public static LoadedDesk Load(SqliteSession session, string desk)
    {
        try
        {
            return LoadRows(session, desk);
        }
        catch (Exception error) when (SqliteFaults.IsOfTheRow(error))
        {
            throw new DeskUnreadableException(desk, error.Message, error);
        }
    }

    private static LoadedDesk LoadRows(SqliteSession session, string desk)
    {
        var heads = session.List(
            "SELECT desk_id, head_sequence, head_writer, folded_sequence, checkpoint FROM desks LEFT JOIN checkpoints USING (desk_id) WHERE desk = ?1",
            row => (DeskId: row.GetInt64(0), Sequence: row.GetInt64(1), Writer: row.GetInt64(2), Folded: row.GetInt64(3), Checkpoint: row.IsDBNull(4) ? null : row.Blob(4)),
            desk);
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

        var tail = session.List(
            "SELECT sequence, record FROM journal WHERE desk_id = ?1 AND sequence > ?2 ORDER BY sequence",
            row => StoredRecord.Decode(desk, row.GetInt64(0), row.Blob(1)),
            head.DeskId,
            head.Folded);
        if (head.Folded + tail.Count != head.Sequence)
        {
            throw new InvalidDataException($"records are missing: {tail.Count} follow record {head.Folded}, and the newest is record {head.Sequence}");
        }

        return new LoadedDesk(new StoredDesk(checkpoint, Positions(session, head.DeskId, desk), tail), head.Sequence, head.Writer);
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
    public static List<HeldPosition> Positions(SqliteSession session, long deskId, string desk) => session.List(
        $"SELECT {PositionColumns} FROM held_positions WHERE desk_id = ?1",
        row => Position(row, desk),
        deskId);

    /// <summary>Those of a desk's rows that can be read, and how many cannot.</summary>
    public static (List<HeldPosition> Positions, int Lost) ReadablePositions(SqliteSession session, long deskId, string desk)
    {
        var rows = session.List(
            $"SELECT {PositionColumns} FROM held_positions WHERE desk_id = ?1",
            row => Unreadable.TryRead(() => Position(row, desk), out var held, out _) ? held : null,
            deskId);
        var readable = rows.OfType<HeldPosition>().ToList();
        return (readable, rows.Count - readable.Count);
    }

    public static void Put(SqliteSession session, object deskId, HeldPosition position)
    {
        var row = position.Row;
        session.Execute(
            """
            INSERT INTO held_positions (
                desk_id, position_id, trader_id, security_id, quantity, delta, entry_date, currency, updated_at,
                source_log, source_file, source_offset, source_row, feed, generation)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
            ON CONFLICT (desk_id, position_id) DO UPDATE SET
                trader_id = excluded.trader_id, security_id = excluded.security_id, quantity = excluded.quantity, delta = excluded.delta,
                entry_date = excluded.entry_date, currency = excluded.currency, updated_at = excluded.updated_at,
                source_log = excluded.source_log, source_file = excluded.source_file, source_offset = excluded.source_offset,
                source_row = excluded.source_row, feed = excluded.feed, generation = excluded.generation
            """,
            deskId,
            row.PositionId,
            row.TraderId,
            row.SecurityId,
            row.Quantity.Stored(),
            row.Delta?.Stored(),
            row.EntryDate.Stored(),
            row.Currency,
            row.UpdatedAt.Stored(),
            position.Source?.Log,
            position.Source?.File,
            position.Source?.Offset,
            position.Source?.Row,
            position.Feed,
            position.Generation);
    }

    /// <param name="first">The column of <c>source_log</c>; file, offset and row follow.</param>
    public static SourcePosition? Source(SqliteDataReader row, int first) => row.IsDBNull(first)
        ? null
        : new SourcePosition(string.Intern(row.GetString(first)), row.GetInt64(first + 1), row.GetInt64(first + 2), row.GetInt32(first + 3));

    private static HeldPosition Position(SqliteDataReader row, string desk) =>
        Unreadable.TryRead(() => HeldPosition(row, desk), out var held, out var problem)
            ? held
            : throw new InvalidDataException($"the row of position '{(row.IsDBNull(0) ? "" : row.GetString(0))}' cannot be read: {problem}");

    private static HeldPosition HeldPosition(SqliteDataReader row, string desk) => new(
        new Position(
            row.GetString(0),
            row.GetString(1),
            desk,
            row.GetString(2),
            row.Decimal(3),
            row.DecimalOrNull(4),
            row.Date(5),
            row.GetString(6),
            row.InstantOrNull(7)),
        Source(row, 8),
        row.GetString(12),
        row.GetInt32(13));
}

/// <summary>A desk as it is stored, and its newest record.</summary>
internal readonly record struct LoadedDesk(StoredDesk Desk, long HeadSequence, long HeadWriter);
