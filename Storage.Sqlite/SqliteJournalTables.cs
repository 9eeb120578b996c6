using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Topics;
using RiskMonitor.Storage.Database;
using RiskMonitor.Storage.Journal;

namespace RiskMonitor.Storage.Sqlite;

/// <summary>Journal records, folds and the outbox as rows of SQLite, written with prepared statements.</summary>
internal sealed class SqliteJournalTables(SqliteStorage storage) : IJournalTables
{
    /// <summary>Drawn at random: processes that share the file know nothing of each other.</summary>
    public long NextWriter() => Random.Shared.NextInt64();

    public Task AppendAsync(JournalAppend append, CancellationToken cancellationToken) =>
        storage.WriteAsync(session => Append(session, append), cancellationToken);

    public Task<bool> FoldAsync(JournalFence fence, DeskFold fold, byte[] checkpoint, CancellationToken cancellationToken) =>
        storage.WriteAsync(session => Fold(session, fence, fold, checkpoint), cancellationToken);

    private static bool Append(SqliteSession session, JournalAppend append)
    {
        var record = append.Record;
        var deskId = MoveHead(session, append) ?? throw new JournalConflictException(record.Desk, record.Sequence);
        session.Execute(
            "INSERT INTO journal (desk_id, sequence, writer, at, earliest, latest, record) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            deskId,
            record.Sequence,
            append.Fence.Number,
            record.At.Stored(),
            append.Earliest.Stored(),
            append.Latest.Stored(),
            append.Bytes);
        foreach (var (alertId, report) in append.Outbox)
        {
            session.Execute(
                """
                INSERT INTO outbox (alert_id, desk_id, sequence, recorded_at, report) VALUES (?1, ?2, ?3, ?4, ?5)
                ON CONFLICT (alert_id) DO UPDATE SET
                    desk_id = excluded.desk_id, sequence = excluded.sequence, recorded_at = excluded.recorded_at, report = excluded.report
                WHERE excluded.sequence > sequence
                """,
                alertId.Stored(),
                deskId,
                record.Sequence,
                record.At.Stored(),
                report);
        }

        foreach (var message in append.Messages)
        {
            session.Execute(
                "INSERT INTO topic_outbox (subject, subject_key, sequence, part, at, type, trace_parent, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                message.Place.Kind.Name(),
                message.Place.Key,
                message.Place.Sequence,
                message.Place.Part,
                message.At.Stored(),
                message.Type,
                message.TraceParent,
                message.Body);
        }

        return true;
    }

    /// <summary>Checks the fence: the record must follow the desk's newest one, and that must be the record which this writer knows.</summary>
    /// <returns>The desk's id; null when the newest record is another.</returns>
    private static object? MoveHead(SqliteSession session, JournalAppend append)
    {
        var (fence, record) = (append.Fence, append.Record);
        return record.Sequence == 1
            ? session.Scalar(
                """
                INSERT INTO desks (desk, head_sequence, head_writer, limits_version, next_validity, written) VALUES (?1, 1, ?2, ?3, ?4, ?5)
                ON CONFLICT (desk) DO NOTHING RETURNING desk_id
                """,
                record.Desk,
                fence.Number,
                record.LimitsVersion,
                record.NextValidityInstant.Stored(),
                append.Bytes.Length)
            : session.Scalar(
                """
                UPDATE desks SET head_sequence = ?2, head_writer = ?3, limits_version = ?4, next_validity = ?5, written = written + ?7
                WHERE desk = ?1 AND head_sequence = ?2 - 1 AND head_writer = ?6 RETURNING desk_id
                """,
                record.Desk,
                record.Sequence,
                fence.Number,
                record.LimitsVersion,
                record.NextValidityInstant.Stored(),
                fence.WriterBefore(record.Sequence),
                append.Bytes.Length);
    }

    private static bool Fold(SqliteSession session, JournalFence fence, DeskFold fold, byte[] checkpoint)
    {
        // What was loaded is the desk's truth; a later record is it only if this writer wrote it.
        var deskId = session.Scalar(
            """
            UPDATE desks SET folded_sequence = ?3
            WHERE desk = ?1 AND folded_sequence = ?2
                AND (?3 <= ?4 OR EXISTS (
                    SELECT 1 FROM journal WHERE journal.desk_id = desks.desk_id AND journal.sequence = ?3 AND journal.writer = ?5))
            RETURNING desk_id
            """,
            fence.Desk,
            fold.FoldedBefore,
            fold.Checkpoint.Sequence,
            fence.LoadedSequence,
            fence.Number);
        if (deskId is null)
        {
            return false;
        }

        session.Execute("INSERT OR REPLACE INTO checkpoints (desk_id, checkpoint) VALUES (?1, ?2)", deskId, checkpoint);
        var isFirst = fold.FoldedBefore == 0;
        foreach (var positionId in isFirst ? [] : fold.Removed)
        {
            session.Execute("DELETE FROM held_positions WHERE desk_id = ?1 AND position_id = ?2", deskId, positionId);
        }

        foreach (var position in fold.Changed)
        {
            SqliteHeldPositions.Put(session, deskId, position, isFirst);
        }

        session.Execute("UPDATE desks SET positions = (SELECT count(*) FROM held_positions WHERE desk_id = ?1) WHERE desk_id = ?1", deskId);
        return true;
    }
}
