using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Storage.Codec;

namespace RiskMonitor.Storage.Sqlite;

/// <summary>The journal in SQLite. Loading a desk makes the caller its writer (<see cref="DeskWriter"/>); whoever wrote it before is stopped.</summary>
internal sealed partial class SqliteDeskJournal(SqliteStorage storage, ILogger<SqliteDeskJournal> logger) : IDeskJournal
{
    /// <summary>Alerts whose report cannot be read, so that each is told once.</summary>
    private readonly ConcurrentDictionary<string, bool> _unreadable = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, DeskWriter> _writers = new(StringComparer.Ordinal);

    public async Task<StoredDesk> LoadAsync(string desk, CancellationToken cancellationToken)
    {
        var loaded = await storage.ReadAsync(ReadPool.Activation, session => session.InOneSnapshot(snapshot => SqliteDesk.Load(snapshot, desk)), cancellationToken);
        _writers[desk] = new DeskWriter(loaded.HeadSequence, loaded.HeadWriter);
        return loaded.Desk;
    }

    public Task AppendAsync(JournalRecord record, CancellationToken cancellationToken)
    {
        var bytes = JournalCodec.Encode(record);
        var outbox = record.Outbox.Select(report => (report.Episode.AlertId, Bytes: JournalCodec.Encode(report))).ToList();
        var span = record.Span();
        var writer = _writers.GetOrAdd(record.Desk, _ => new DeskWriter(0, 0));

        // No await up to the queue: records stand in it in the order of the calls.
        return writer.TryTake(record.Sequence)
            ? storage.WriteAsync(session => Append(session, record, bytes, span, outbox, writer), cancellationToken)
            : Task.FromException(new JournalConflictException(record.Desk, record.Sequence));
    }

    public Task<bool> FoldAsync(DeskFold fold, CancellationToken cancellationToken)
    {
        var checkpoint = fold.Checkpoint;
        var bytes = JournalCodec.Encode(checkpoint);
        return _writers.TryGetValue(checkpoint.Desk, out var writer)
            ? storage.WriteAsync(session => Fold(session, fold, bytes, writer), cancellationToken)
            : Task.FromResult(false);
    }

    public async Task<IReadOnlyList<DeskHead>> DesksAsync(CancellationToken cancellationToken) =>
        await storage.ReadAsync(
            ReadPool.LookUp,
            session => session.List(
                "SELECT desk, limits_version, next_validity FROM desks ORDER BY desk",
                row => new DeskHead(
                    row.GetString(0), row.GetInt64(1), Unreadable.TryRead(() => row.InstantOrNull(2), out var instant, out _) ? instant : null)),
            cancellationToken);

    public Task<long> NewestDeskAsync(CancellationToken cancellationToken) =>
        storage.ReadAsync(ReadPool.LookUp, session => (long)session.Scalar("SELECT coalesce(max(desk_id), 0) FROM desks")!, cancellationToken);

    public async Task<IReadOnlyList<EpisodeReport>> UnsentAsync(DateTimeOffset? recordedBefore, int atMost, CancellationToken cancellationToken) =>
        await storage.ReadAsync(
            ReadPool.LookUp,
            session => session.InOneSnapshot(snapshot => Unsent(snapshot, recordedBefore?.UtcTicks ?? long.MaxValue, atMost)),
            cancellationToken);

    /// <summary>One that cannot be read is passed over, so that it keeps none behind it waiting.</summary>
    private List<EpisodeReport> Unsent(SqliteSession session, long before, int atMost)
    {
        var reports = new List<EpisodeReport>();
        var (at, id) = (long.MinValue, "");
        while (reports.Count < atMost)
        {
            var asked = atMost - reports.Count;
            var rows = session.List(
                """
                SELECT recorded_at, CAST(alert_id AS TEXT), report, desk_id, sequence FROM outbox
                WHERE recorded_at < ?1 AND (recorded_at, alert_id) > (?2, ?3) ORDER BY recorded_at, alert_id LIMIT ?4
                """,
                row => (At: row.GetInt64(0), AlertId: row.GetString(1), Bytes: row.IsDBNull(2) ? [] : row.Blob(2), DeskId: row.GetInt64(3), Sequence: row.GetInt64(4)),
                before,
                at,
                id,
                asked);
            foreach (var row in rows)
            {
                (at, id) = (row.At, row.AlertId);
                if (Unreadable.TryRead(() => JournalCodec.DecodeReport(row.Bytes), out var report, out var problem)
                    || Unreadable.TryRead(() => FromJournal(session, row.DeskId, row.Sequence, row.AlertId), out report, out _))
                {
                    reports.Add(report!);
                }
                else if (_unreadable.TryAdd(row.AlertId, true))
                {
                    LogReportUnreadable(row.AlertId, problem);
                }
            }

            if (rows.Count < asked)
            {
                break;
            }
        }

        return reports;
    }

    /// <summary>The record of the same transaction holds the report, too.</summary>
    private static EpisodeReport FromJournal(SqliteSession session, long deskId, long sequence, string alertId)
    {
        var bytes = session.List("SELECT record FROM journal WHERE desk_id = ?1 AND sequence = ?2", row => row.Blob(0), deskId, sequence).Single();
        return JournalCodec.DecodeRecord(bytes).Outbox.Single(report => report.Episode.AlertId.Stored() == alertId);
    }

    [LoggerMessage(EventId = 3006, EventName = "alert_report_unreadable", Level = LogLevel.Error, Message = "Notice alert_report_unreadable: the report for alert {AlertId} cannot be read ({Problem}) and is not sent; ./run desks check names its desk, ./run desks repair sets it aside")]
    private partial void LogReportUnreadable(string alertId, string problem);

    public Task SentAsync(Guid alertId, long sequence, CancellationToken cancellationToken) =>
        storage.WriteAsync(
            session => session.Execute("DELETE FROM outbox WHERE alert_id = ?1 AND sequence <= ?2", alertId.Stored(), sequence),
            cancellationToken);

    private static bool Append(
        SqliteSession session,
        JournalRecord record,
        byte[] bytes,
        (DateTimeOffset Earliest, DateTimeOffset Latest) span,
        List<(Guid AlertId, byte[] Bytes)> outbox,
        DeskWriter writer)
    {
        var deskId = MoveHead(session, record, bytes.Length, writer) ?? throw new JournalConflictException(record.Desk, record.Sequence);
        session.Execute(
            "INSERT INTO journal (desk_id, sequence, writer, at, earliest, latest, record) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            deskId,
            record.Sequence,
            writer.Number,
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

    /// <summary>The fence: the record must follow the desk's newest, and that must be the one which this writer knows.</summary>
    /// <returns>The desk's id; null when the newest record is another.</returns>
    private static object? MoveHead(SqliteSession session, JournalRecord record, int bytes, DeskWriter writer) => record.Sequence == 1
        ? session.Scalar(
            """
            INSERT INTO desks (desk, head_sequence, head_writer, limits_version, next_validity, written) VALUES (?1, 1, ?2, ?3, ?4, ?5)
            ON CONFLICT (desk) DO NOTHING RETURNING desk_id
            """,
            record.Desk,
            writer.Number,
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
            writer.Number,
            record.LimitsVersion,
            record.NextValidityInstant.Stored(),
            writer.WriterBefore(record.Sequence),
            bytes);

    private static bool Fold(SqliteSession session, DeskFold fold, byte[] checkpoint, DeskWriter writer)
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
            fold.Checkpoint.Desk,
            fold.FoldedBefore,
            sequence,
            writer.LoadedSequence,
            writer.Number);
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
