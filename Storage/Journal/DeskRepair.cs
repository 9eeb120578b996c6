using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Storage.Codec;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.Journal;

/// <summary>
/// Replaces a desk's journal by one state. The head keeps its number, since alerts have reports under the numbers before it, and gets
/// another writer, so that the writer until now is stopped.
/// </summary>
internal sealed class DeskRepair(IDatabase database, IJournalTables tables, IAlertStore alerts, TimeProvider time) : IDeskRepair
{
    public async Task<IReadOnlyList<DeskCheck>> CheckAsync(string? desk, CancellationToken cancellationToken)
    {
        var names = await database.ReadAsync(
            ReadPool.Upkeep,
            db => db.ListAsync("SELECT desk FROM desks WHERE @Desk IS NULL OR desk = @Desk ORDER BY desk", row => row.Text(0), new { Desk = desk }),
            cancellationToken);
        var checks = new List<DeskCheck>();
        foreach (var name in names)
        {
            checks.Add(await database.ReadAsync(ReadPool.Upkeep, db => CheckAsync(db, name), cancellationToken));
        }

        return checks;
    }

    public async Task<DeskRepaired> RepairAsync(string desk, string? rereads, Func<IReadOnlyList<RemovedRow>, Task> backUp, CancellationToken cancellationToken)
    {
        var remains = await database.ReadAsync(ReadPool.Upkeep, db => DeskRemains.ReadAsync(db, desk), cancellationToken)
            ?? throw new InvalidOperationException($"there is no desk '{desk}'; names are compared exactly");
        var lost = remains.LostRecords > 0 || remains.LostPositions > 0;
        var known = remains.Alerts.Concat(remains.Reports).ToList();
        var sequence = known.Select(report => report.Sequence).Append(remains.HeadSequence).Max();
        var checkpoint = remains.Desk.Repaired(
            sequence,
            known.Select(report => report.Episode),
            await alerts.NumbersTakenAsync(desk, cancellationToken),
            lost && rereads is not null ? new HashSet<string> { rereads } : new HashSet<string>());
        var positions = remains.Desk.Positions.ToList();
        var bytes = (Checkpoint: JournalCodec.Encode(checkpoint), State: StateCodec.Encode(checkpoint, positions));
        var reports = Reports(remains, checkpoint, positions);
        await backUp(remains.Rows);
        await database.WriteAsync(db => WriteAsync(db, remains, checkpoint, positions, bytes, reports), cancellationToken);
        return new DeskRepaired(sequence, remains.ReadThrough, remains.LostRecords, remains.LostPositions, reports.Count(report => report.Bytes is null), positions.Count);
    }

    private async Task<DeskCheck> CheckAsync(DbSession db, string desk)
    {
        string? problem = null;
        try
        {
            _ = (await DeskRows.LoadAsync(database, db, desk)).Desk.ToDesk(desk);
        }
        catch (DeskUnreadableException unreadable)
        {
            problem = unreadable.Problem;
        }
        catch (Exception error) when (database.IsOfTheRow(error))
        {
            problem = $"its journal cannot be replayed: {error.Message}";
        }

        var reports = await db.ListAsync(
            "SELECT report FROM outbox WHERE desk_id = (SELECT desk_id FROM desks WHERE desk = @Desk)",
            row => Unreadable.TryRead(() => JournalCodec.DecodeReport(row.Blob(0)), out _, out _),
            new { Desk = desk });
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

    private async Task<bool> WriteAsync(
        DbSession db,
        DeskRemains remains,
        DeskCheckpoint checkpoint,
        List<HeldPosition> positions,
        (byte[] Checkpoint, byte[] State) bytes,
        List<(Guid AlertId, byte[]? Bytes)> reports)
    {
        var desk = new
        {
            remains.DeskId,
            remains.HeadSequence,
            remains.HeadWriter,
            checkpoint.Sequence,
            Writer = tables.NextWriter(),
            Positions = positions.Count,
            bytes.Checkpoint,
            bytes.State,
            Now = time.GetUtcNow().Stored(),
        };
        var isUnchanged = await db.ExecuteAsync(
            """
            UPDATE desks SET head_sequence = @Sequence, head_writer = @Writer, folded_sequence = @Sequence, positions = @Positions, limits_version = 0, next_validity = NULL
            WHERE desk_id = @DeskId AND head_sequence = @HeadSequence AND head_writer = @HeadWriter
            """,
            desk) == 1;
        if (!isUnchanged)
        {
            throw new InvalidOperationException($"desk '{checkpoint.Desk}' was written meanwhile, so it can be read; check it again");
        }

        foreach (var table in new[] { "journal", "held_positions", "checkpoints" })
        {
            await db.ExecuteAsync($"DELETE FROM {table} WHERE desk_id = @DeskId", desk);
        }

        await db.ExecuteAsync("INSERT INTO checkpoints (desk_id, checkpoint) VALUES (@DeskId, @Checkpoint)", desk);
        await DeskRows.InsertAsync(db, remains.DeskId, positions);
        foreach (var (alertId, report) in reports)
        {
            await db.ExecuteAsync(
                report is null
                    ? "DELETE FROM outbox WHERE desk_id = @DeskId AND alert_id = @AlertId"
                    : "UPDATE outbox SET report = @Report, sequence = @Sequence WHERE desk_id = @DeskId AND alert_id = @AlertId",
                new { remains.DeskId, AlertId = alertId.Stored(), Report = report, checkpoint.Sequence });
        }

        foreach (var state in remains.UnreadableStates)
        {
            await db.ExecuteAsync("DELETE FROM desk_states WHERE desk_id = @DeskId AND sequence = @State", new { remains.DeskId, State = state });
        }

        // From now on answers about the past begin here; before lie the kept states.
        await db.ExecuteAsync("DELETE FROM desk_states WHERE desk_id = @DeskId AND sequence >= @Sequence", desk);
        var previous = await db.ScalarAsync<long>("SELECT coalesce(max(sequence), 0) FROM desk_states WHERE desk_id = @DeskId", desk);
        await db.ExecuteAsync(
            """
            INSERT INTO desk_states (desk_id, sequence, previous, earliest, through, kept_at, written, state)
            SELECT desk_id, @Sequence, @Previous, 0, @Now, @Now, written, @State FROM desks WHERE desk_id = @DeskId
            """,
            new { desk.DeskId, desk.Sequence, Previous = previous, desk.Now, desk.State });
        return true;
    }
}
