using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Storage.Codec;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.Sqlite;

/// <summary>
/// Replaces a desk's journal by one state. The head keeps its number, since alerts have reports under the numbers before it, and gets
/// another writer, so that the writer until now is stopped.
/// </summary>
internal sealed class SqliteDeskRepair(SqliteStorage storage, IAlertStore alerts, TimeProvider time) : IDeskRepair
{
    public async Task<IReadOnlyList<DeskCheck>> CheckAsync(string? desk, CancellationToken cancellationToken)
    {
        var names = await storage.ReadAsync(
            ReadPool.Upkeep,
            session => session.List("SELECT desk FROM desks WHERE ?1 IS NULL OR desk = ?1 ORDER BY desk", row => row.GetString(0), desk),
            cancellationToken);
        var checks = new List<DeskCheck>();
        foreach (var name in names)
        {
            checks.Add(await storage.ReadAsync(ReadPool.Upkeep, session => session.InOneSnapshot(snapshot => Check(snapshot, name)), cancellationToken));
        }

        return checks;
    }

    public async Task<DeskRepaired> RepairAsync(string desk, string? rereads, Func<IReadOnlyList<RemovedRow>, Task> backUp, CancellationToken cancellationToken)
    {
        var remains = await storage.ReadAsync(ReadPool.Upkeep, session => session.InOneSnapshot(snapshot => DeskRemains.Read(snapshot, desk)), cancellationToken)
            ?? throw new InvalidOperationException($"there is no desk '{desk}'; names are compared exactly");
        var lost = remains.LostRecords > 0 || remains.LostPositions > 0;
        var told = remains.Alerts.Concat(remains.Reports).ToList();
        var sequence = told.Select(report => report.Sequence).Append(remains.HeadSequence).Max();
        var checkpoint = remains.Desk.Repaired(
            sequence,
            told.Select(report => report.Episode),
            await alerts.NumbersTakenAsync(desk, cancellationToken),
            lost && rereads is not null ? new HashSet<string> { rereads } : new HashSet<string>());
        var positions = remains.Desk.Positions.ToList();
        var bytes = (Checkpoint: JournalCodec.Encode(checkpoint), State: StateCodec.Encode(checkpoint, positions));
        var reports = Reports(remains, checkpoint, positions);
        await backUp(remains.Rows);
        await storage.WriteAsync(session => Write(session, remains, checkpoint, positions, bytes, reports, time.GetUtcNow()), cancellationToken);
        return new DeskRepaired(sequence, remains.ReadThrough, remains.LostRecords, remains.LostPositions, reports.Count(report => report.Bytes is null), positions.Count);
    }

    private static DeskCheck Check(SqliteSession session, string desk)
    {
        string? problem = null;
        try
        {
            var stored = SqliteDesk.Load(session, desk).Desk;
            var risk = stored.Checkpoint is { } checkpoint ? DeskRisk.Restore(checkpoint, stored.Positions) : new DeskRisk(desk);
            foreach (var record in stored.Tail)
            {
                risk.Replay(record);
            }
        }
        catch (DeskUnreadableException unreadable)
        {
            problem = unreadable.Problem;
        }
        catch (Exception error) when (SqliteFaults.IsOfTheRow(error))
        {
            problem = $"its journal cannot be replayed: {error.Message}";
        }

        var reports = session.List(
            "SELECT report FROM outbox WHERE desk_id = (SELECT desk_id FROM desks WHERE desk = ?1)",
            row => Unreadable.TryRead(() => JournalCodec.DecodeReport(row.Blob(0)), out _, out _),
            desk);
        return new DeskCheck(desk, problem, reports.Count(isReadable => !isReadable));
    }

    /// <summary>Reports that cannot be read are written anew where the desk, or the alert's last report, knows the breach.</summary>
    private List<(Guid AlertId, byte[]? Bytes)> Reports(DeskRemains remains, DeskCheckpoint checkpoint, List<HeldPosition> positions)
    {
        var desk = DeskRisk.Restore(checkpoint, positions);
        return
        [
            .. remains.UnreadableReports.Select(alertId => (alertId, desk.ReportOf(alertId, time.GetUtcNow()) is { } report ? JournalCodec.Encode(report) : null)),
        ];
    }

    private static bool Write(
        SqliteSession session,
        DeskRemains remains,
        DeskCheckpoint checkpoint,
        List<HeldPosition> positions,
        (byte[] Checkpoint, byte[] State) bytes,
        List<(Guid AlertId, byte[]? Bytes)> reports,
        DateTimeOffset now)
    {
        var isUnchanged = session.Execute(
            """
            UPDATE desks SET head_sequence = ?4, head_writer = ?5, folded_sequence = ?4, positions = ?6, limits_version = 0, next_validity = NULL
            WHERE desk_id = ?1 AND head_sequence = ?2 AND head_writer = ?3
            """,
            remains.DeskId,
            remains.HeadSequence,
            remains.HeadWriter,
            checkpoint.Sequence,
            Random.Shared.NextInt64(),
            positions.Count) == 1;
        if (!isUnchanged)
        {
            throw new InvalidOperationException($"desk '{checkpoint.Desk}' was written meanwhile, so it can be read; check it again");
        }

        foreach (var table in new[] { "journal", "held_positions", "checkpoints" })
        {
            session.Execute($"DELETE FROM {table} WHERE desk_id = ?1", remains.DeskId);
        }

        session.Execute("INSERT INTO checkpoints (desk_id, checkpoint) VALUES (?1, ?2)", remains.DeskId, bytes.Checkpoint);
        foreach (var position in positions)
        {
            SqliteDesk.Put(session, remains.DeskId, position);
        }

        foreach (var (alertId, report) in reports)
        {
            if (report is null)
            {
                session.Execute("DELETE FROM outbox WHERE desk_id = ?1 AND alert_id = ?2", remains.DeskId, alertId.Stored());
            }
            else
            {
                session.Execute("UPDATE outbox SET report = ?3, sequence = ?4 WHERE desk_id = ?1 AND alert_id = ?2", remains.DeskId, alertId.Stored(), report, checkpoint.Sequence);
            }
        }

        foreach (var state in remains.UnreadableStates)
        {
            session.Execute("DELETE FROM desk_states WHERE desk_id = ?1 AND sequence = ?2", remains.DeskId, state);
        }

        // From now on answers about the past begin here; before lie the kept states.
        session.Execute("DELETE FROM desk_states WHERE desk_id = ?1 AND sequence >= ?2", remains.DeskId, checkpoint.Sequence);
        session.Execute(
            """
            INSERT INTO desk_states (desk_id, sequence, previous, earliest, through, kept_at, written, state)
            SELECT ?1, ?2, (SELECT coalesce(max(sequence), 0) FROM desk_states WHERE desk_id = ?1), 0, ?3, ?3, written, ?4 FROM desks WHERE desk_id = ?1
            """,
            remains.DeskId,
            checkpoint.Sequence,
            now.Stored(),
            bytes.State);
        return true;
    }
}
