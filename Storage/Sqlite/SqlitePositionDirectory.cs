using System.Runtime.CompilerServices;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Storage.Sqlite;

/// <summary>Reads desk by desk: the folded rows where they are all, else the desk brought up to its journal's end.</summary>
internal sealed class SqlitePositionDirectory(SqliteStorage storage) : IPositionDirectory
{
    public async IAsyncEnumerable<HeldBy> LoadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var desks = await storage.ReadAsync(
            session => session.List("SELECT desk_id, desk FROM desks", row => (DeskId: row.GetInt64(0), Desk: row.GetString(1))),
            cancellationToken);
        foreach (var (deskId, desk) in desks)
        {
            var held = await storage.ReadAsync(session => session.InOneSnapshot(snapshot => HeldBy(snapshot, deskId, desk)), cancellationToken);
            foreach (var position in held)
            {
                yield return position;
            }
        }
    }

    private static List<HeldBy> HeldBy(SqliteSession session, long deskId, string desk)
    {
        var isFolded = session.Scalar("SELECT folded_sequence = head_sequence FROM desks WHERE desk_id = ?1", deskId) is 1L;
        return isFolded
            ? session.List(
                "SELECT position_id, source_log, source_file, source_offset, source_row, generation FROM held_positions WHERE desk_id = ?1",
                row => new HeldBy(row.GetString(0), desk, SqliteDesk.Source(row, 1), row.GetInt32(5)),
                deskId)
            : Replayed(SqliteDesk.Load(session, desk).Desk, desk);
    }

    private static List<HeldBy> Replayed(StoredDesk stored, string desk)
    {
        var risk = stored.Checkpoint is { } checkpoint ? DeskRisk.Restore(checkpoint, stored.Positions) : new DeskRisk(desk);
        foreach (var record in stored.Tail)
        {
            risk.Replay(record);
        }

        return [.. risk.Positions.Select(held => new HeldBy(held.Row.PositionId, desk, held.Source, held.Generation))];
    }
}
