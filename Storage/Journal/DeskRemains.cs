using System.Data.Common;
using System.Text.Unicode;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Storage.Alerts;
using RiskMonitor.Storage.Codec;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.Journal;

/// <summary>What can be read of a desk, and all of its rows as they are. To be read in one snapshot of the database.</summary>
internal sealed class DeskRemains
{
    private static readonly string[] Blobs = ["checkpoint", "record", "report", "state"];

    private static readonly string[] Tables = ["checkpoints", "held_positions", "journal", "outbox", "desk_states"];

    public required long DeskId { get; init; }

    public required long HeadSequence { get; init; }

    public required long HeadWriter { get; init; }

    /// <summary>The state that reaches furthest.</summary>
    public required DeskRisk Desk { get; init; }

    public required int LostPositions { get; init; }

    /// <summary>The last record in <see cref="Desk"/>.</summary>
    public long ReadThrough => Desk.Sequence;

    public long LostRecords => Math.Max(0, HeadSequence - ReadThrough);

    /// <summary>Reports on their way that can be read.</summary>
    public required IReadOnlyList<EpisodeReport> Reports { get; init; }

    public required IReadOnlyList<Guid> UnreadableReports { get; init; }

    /// <summary>The last reports of the desk that stored alerts have.</summary>
    public required IReadOnlyList<EpisodeReport> Alerts { get; init; }

    /// <summary>States that begin no answer, because they cannot be read.</summary>
    public required IReadOnlyList<long> UnreadableStates { get; init; }

    public required IReadOnlyList<RemovedRow> Rows { get; init; }

    /// <returns>Null where nothing is stored of the desk.</returns>
    public static async Task<DeskRemains?> ReadAsync(DbSession db, string desk)
    {
        var heads = await db.ListAsync(
            "SELECT desk_id, head_sequence, head_writer FROM desks WHERE desk = @Desk",
            row => (DeskId: row.GetInt64(0), Sequence: row.GetInt64(1), Writer: row.GetInt64(2)),
            new { Desk = desk });
        if (heads is not [var head])
        {
            return null;
        }

        var deskOnly = new { head.DeskId };
        var records = (await db.ListAsync("SELECT sequence, record FROM journal WHERE desk_id = @DeskId ORDER BY sequence", row => (Sequence: row.GetInt64(0), Bytes: Bytes(row.GetValue(1))), deskOnly))
            .ToDictionary(row => row.Sequence, row => row.Bytes);
        var states = await db.ListAsync("SELECT sequence, state FROM desk_states WHERE desk_id = @DeskId ORDER BY sequence DESC", row => (Sequence: row.GetInt64(0), Bytes: Bytes(row.GetValue(1))), deskOnly);
        var unreadableStates = new List<long>();
        var (best, lostPositions) = await FoldedAsync(db, head.DeskId, desk);
        if (best is not null)
        {
            Replay(best, records);
        }

        Consider(records.ContainsKey(1) ? new DeskRisk(desk) : null, 0);
        foreach (var state in states)
        {
            if (Unreadable.TryRead(() => StateCodec.Decode(state.Bytes), out var kept, out _) && kept.Desk == desk)
            {
                Consider(kept, 0);
            }
            else
            {
                unreadableStates.Add(state.Sequence);
            }
        }

        var outbox = (await db.ListAsync("SELECT alert_id, report FROM outbox WHERE desk_id = @DeskId", row => (AlertId: row.Text(0), Bytes: Bytes(row.GetValue(1))), deskOnly))
            .Select(row => (row.AlertId, Report: Unreadable.TryRead(() => JournalCodec.DecodeReport(row.Bytes), out var report, out _) ? report : null))
            .ToList();
        var alerts = await db.ListAsync(
            "SELECT state FROM alerts WHERE desk = @Desk",
            row => Unreadable.TryRead(() => AlertJson.Read(row.Text(0)), out var alert, out _) ? alert.Report : null,
            new { Desk = desk });
        var rows = new List<RemovedRow>();
        foreach (var table in Tables.Append("desks"))
        {
            rows.AddRange(await AllAsync(db, table, head.DeskId));
        }

        return new DeskRemains
        {
            DeskId = head.DeskId,
            HeadSequence = head.Sequence,
            HeadWriter = head.Writer,
            Desk = best ?? new DeskRisk(desk),
            LostPositions = lostPositions,
            Reports = [.. outbox.Select(row => row.Report).OfType<EpisodeReport>()],
            UnreadableReports = [.. outbox.Where(row => row.Report is null).Select(row => Guid.TryParseExact(row.AlertId, "D", out var id) ? id : Guid.Empty)],
            Alerts = [.. alerts.OfType<EpisodeReport>()],
            UnreadableStates = unreadableStates,
            Rows = rows,
        };

        void Consider(DeskRisk? candidate, int lost)
        {
            if (candidate is null)
            {
                return;
            }

            Replay(candidate, records);
            // One that lost nothing is better than one that did and reaches as far.
            if (best is null || candidate.Sequence > best.Sequence || (candidate.Sequence == best.Sequence && lost < lostPositions))
            {
                (best, lostPositions) = (candidate, lost);
            }
        }

        static async Task<(DeskRisk? Desk, int Lost)> FoldedAsync(DbSession from, long deskId, string name)
        {
            var bytes = await from.ListAsync("SELECT checkpoint FROM checkpoints WHERE desk_id = @DeskId", row => Bytes(row.GetValue(0)), new { DeskId = deskId });
            if (bytes is not [var stored] || !Unreadable.TryRead(() => JournalCodec.DecodeCheckpoint(stored), out var checkpoint, out _) || checkpoint.Desk != name)
            {
                return (null, 0);
            }

            var (positions, lost) = await DeskRows.ReadablePositionsAsync(from, deskId, name);
            if (!Unreadable.TryRead(() => DeskRisk.Restore(checkpoint, positions), out var folded, out _))
            {
                return (null, 0);
            }

            return (folded, lost);
        }
    }

    /// <summary>Up to the first record that cannot be read.</summary>
    private static void Replay(DeskRisk desk, Dictionary<long, byte[]> records)
    {
        while (records.TryGetValue(desk.Sequence + 1, out var bytes)
            && Unreadable.TryRead(() => StoredRecord.Decode(desk.Desk, desk.Sequence + 1, bytes), out var record, out _)
            && Unreadable.TryRead(() => ReplayOne(desk, record), out _, out _))
        {
            // The next one.
        }
    }

    private static bool ReplayOne(DeskRisk desk, JournalRecord record)
    {
        desk.Replay(record);
        return true;
    }

    private static Task<List<RemovedRow>> AllAsync(DbSession db, string table, long deskId) => db.ListAsync(
        $"SELECT * FROM {table} WHERE desk_id = @DeskId",
        row => new RemovedRow(table, Enumerable.Range(0, row.FieldCount).ToDictionary(row.GetName, i => Value(row, i))),
        new { DeskId = deskId });

    /// <summary>MySQL gives texts as bytes.</summary>
    private static object? Value(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetValue(column) switch
    {
        byte[] bytes when !Blobs.Contains(row.GetName(column), StringComparer.Ordinal) && Utf8.IsValid(bytes) => row.Text(column),
        var value => value,
    };

    private static byte[] Bytes(object? value) => value as byte[] ?? [];
}
