using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Storage.Alerts;
using RiskMonitor.Storage.Codec;
using RiskMonitor.Storage.Database;
using RiskMonitor.Storage.Journal;

namespace RiskMonitor.Storage.Sqlite;

/// <summary>What can be read of a desk, and all of its rows as they are. To be read in one snapshot of the database.</summary>
internal sealed class DeskRemains
{
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
    public static DeskRemains? Read(SqliteSession session, string desk)
    {
        var heads = session.List(
            "SELECT desk_id, head_sequence, head_writer FROM desks WHERE desk = ?1", row => (DeskId: row.GetInt64(0), Sequence: row.GetInt64(1), Writer: row.GetInt64(2)), desk);
        if (heads is not [var head])
        {
            return null;
        }

        var records = session.List("SELECT sequence, record FROM journal WHERE desk_id = ?1 ORDER BY sequence", row => (Sequence: row.GetInt64(0), Bytes: Bytes(row.GetValue(1))), head.DeskId)
            .ToDictionary(row => row.Sequence, row => row.Bytes);
        var states = session.List("SELECT sequence, state FROM desk_states WHERE desk_id = ?1 ORDER BY sequence DESC", row => (Sequence: row.GetInt64(0), Bytes: Bytes(row.GetValue(1))), head.DeskId);
        var unreadableStates = new List<long>();
        var (best, lostPositions) = Folded(session, head.DeskId, desk);
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

        var outbox = session.List("SELECT CAST(alert_id AS TEXT), report FROM outbox WHERE desk_id = ?1", row => (AlertId: row.GetString(0), Bytes: Bytes(row.GetValue(1))), head.DeskId)
            .Select(row => (row.AlertId, Report: Unreadable.TryRead(() => JournalCodec.DecodeReport(row.Bytes), out var report, out _) ? report : null))
            .ToList();
        return new DeskRemains
        {
            DeskId = head.DeskId,
            HeadSequence = head.Sequence,
            HeadWriter = head.Writer,
            Desk = best ?? new DeskRisk(desk),
            LostPositions = lostPositions,
            Reports = [.. outbox.Select(row => row.Report).OfType<EpisodeReport>()],
            UnreadableReports = [.. outbox.Where(row => row.Report is null).Select(row => Guid.TryParseExact(row.AlertId, "D", out var id) ? id : Guid.Empty)],
            Alerts = [.. session.List(
                "SELECT state FROM alerts WHERE desk = ?1",
                row => Unreadable.TryRead(() => AlertJson.Read(row.GetString(0)), out var alert, out _) ? alert.Report : null,
                desk).OfType<EpisodeReport>()],
            UnreadableStates = unreadableStates,
            Rows = [.. Tables.SelectMany(table => All(session, table, head.DeskId)), .. All(session, "desks", head.DeskId)],
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

        (DeskRisk? Desk, int Lost) Folded(SqliteSession from, long deskId, string name)
        {
            var bytes = from.List("SELECT checkpoint FROM checkpoints WHERE desk_id = ?1", row => Bytes(row.GetValue(0)), deskId);
            if (bytes is not [var stored] || !Unreadable.TryRead(() => JournalCodec.DecodeCheckpoint(stored), out var checkpoint, out _) || checkpoint.Desk != name)
            {
                return (null, 0);
            }

            var (positions, lost) = SqliteDesk.ReadablePositions(from, deskId, name);
            if (!Unreadable.TryRead(() => DeskRisk.Restore(checkpoint, positions), out var folded, out _))
            {
                return (null, 0);
            }

            Replay(folded, records);
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

    private static IEnumerable<RemovedRow> All(SqliteSession session, string table, long deskId) => session.List(
        $"SELECT * FROM {table} WHERE desk_id = ?1",
        row => new RemovedRow(table, Enumerable.Range(0, row.FieldCount).ToDictionary(row.GetName, i => row.IsDBNull(i) ? null : (object?)row.GetValue(i))),
        deskId);

    private static byte[] Bytes(object? value) => value as byte[] ?? [];
}
