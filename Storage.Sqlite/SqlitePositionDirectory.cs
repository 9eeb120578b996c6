using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Positions;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.Sqlite;

/// <summary>Reads desk by desk: the folded rows where they are all, else the desk brought up to its journal's end.</summary>
internal sealed partial class SqlitePositionDirectory(SqliteStorage storage, ILogger<SqlitePositionDirectory> logger) : IPositionDirectory
{
    public async IAsyncEnumerable<HeldBy> LoadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var desks = await storage.ReadAsync(
            ReadPool.Upkeep,
            session => session.List("SELECT desk_id, desk FROM desks", row => (DeskId: row.GetInt64(0), Desk: row.GetString(1))),
            cancellationToken);
        foreach (var (deskId, desk) in desks)
        {
            foreach (var position in await HeldByAsync(deskId, desk, cancellationToken))
            {
                yield return position;
            }
        }
    }

    /// <summary>Of a desk that cannot be read, the positions whose ids can: one such desk must not keep the others from being fed.</summary>
    private async Task<List<HeldBy>> HeldByAsync(long deskId, string desk, CancellationToken cancellationToken)
    {
        try
        {
            return await storage.ReadAsync(ReadPool.Upkeep, session => session.InOneSnapshot(snapshot => HeldBy(snapshot, deskId, desk)), cancellationToken);
        }
        catch (Exception error) when (error is DeskUnreadableException || SqliteFaults.IsOfTheRow(error))
        {
            LogUnreadable(desk, error);
        }

        try
        {
            return await storage.ReadAsync(
                ReadPool.Upkeep,
                session => session.List(
                    "SELECT CAST(position_id AS TEXT) FROM held_positions WHERE desk_id = ?1", row => new HeldBy(row.GetString(0), desk, null, Generation: 0), deskId),
                cancellationToken);
        }
        catch (Exception error) when (SqliteFaults.IsOfTheRow(error))
        {
            return [];
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
