using RiskMonitor.Risk.Journal;
using RiskMonitor.Storage.Codec;
using RiskMonitor.Storage.Database;
using RiskMonitor.Storage.Journal;

namespace RiskMonitor.Storage.Sqlite;

/// <summary>Writes one desk's journal, as long as its fence holds.</summary>
internal sealed class SqliteDeskJournalWriter(SqliteStorage storage, JournalFence fence) : IDeskJournalWriter
{
    public Task AppendAsync(JournalRecord record, CancellationToken cancellationToken)
    {
        var bytes = JournalCodec.Encode(record);
        var outbox = record.Outbox.Select(report => (report.Episode.AlertId, Bytes: JournalCodec.Encode(report))).ToList();
        var span = record.Span();

        // Nothing is awaited before the write is queued, so that records are queued in the order of the calls.
        return fence.TryReserve(record)
            ? storage.WriteAsync(session => Append(session, record, bytes, span, outbox), cancellationToken)
            : Task.FromException(new JournalConflictException(record.Desk, record.Sequence));
    }

    public Task<bool> FoldAsync(DeskFold fold, CancellationToken cancellationToken)
    {
        var checkpoint = JournalCodec.Encode(fold.Checkpoint);
        return storage.WriteAsync(session => Fold(session, fold, checkpoint), cancellationToken);
    }

    private bool Append(
        SqliteSession session, JournalRecord record, byte[] bytes, (DateTimeOffset Earliest, DateTimeOffset Latest) span, List<(Guid AlertId, byte[] Bytes)> outbox)
    {
        var deskId = MoveHead(session, record, bytes.Length) ?? throw new JournalConflictException(record.Desk, record.Sequence);
        session.Execute(
            "INSERT INTO journal (desk_id, sequence, writer, at, earliest, latest, record) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            deskId,
            record.Sequence,
            fence.Number,
            record.At.Stored(),
            span.Earliest.Stored(),
            span.Latest.Stored(),
            bytes);
        foreach (var (alertId, report) in outbox)
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

        return true;
    }

    /// <summary>Checks the fence: the record must follow the desk's newest one, and that must be the record which this writer knows.</summary>
    /// <returns>The desk's id; null when the newest record is another.</returns>
    private object? MoveHead(SqliteSession session, JournalRecord record, int bytes) => record.Sequence == 1
        ? session.Scalar(
            """
            INSERT INTO desks (desk, head_sequence, head_writer, limits_version, next_validity, written) VALUES (?1, 1, ?2, ?3, ?4, ?5)
            ON CONFLICT (desk) DO NOTHING RETURNING desk_id
            """,
            record.Desk,
            fence.Number,
            record.LimitsVersion,
            record.NextValidityInstant.Stored(),
            bytes)
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
            bytes);

    private bool Fold(SqliteSession session, DeskFold fold, byte[] checkpoint)
    {
        var sequence = fold.Checkpoint.Sequence;

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
            sequence,
            fence.LoadedSequence,
            fence.Number);
        if (deskId is null)
        {
            return false;
        }

        session.Execute("INSERT OR REPLACE INTO checkpoints (desk_id, checkpoint) VALUES (?1, ?2)", deskId, checkpoint);
        foreach (var positionId in fold.Removed)
        {
            session.Execute("DELETE FROM held_positions WHERE desk_id = ?1 AND position_id = ?2", deskId, positionId);
        }

        foreach (var position in fold.Changed)
        {
            SqliteDesk.Put(session, deskId, position);
        }

        session.Execute("UPDATE desks SET positions = (SELECT count(*) FROM held_positions WHERE desk_id = ?1) WHERE desk_id = ?1", deskId);
        return true;
    }
}
