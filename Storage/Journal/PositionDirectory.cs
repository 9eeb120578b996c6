using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Positions;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.Journal;

/// <summary>Reads desk by desk: the folded rows where they are all, else the desk brought up to its journal's end.</summary>
internal sealed partial class PositionDirectory(IDatabase database, ILogger<PositionDirectory> logger) : IPositionDirectory
{
    public async IAsyncEnumerable<HeldBy> LoadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var desks = await database.ReadAsync(
            ReadPool.Upkeep, db => db.ListAsync("SELECT desk_id, desk FROM desks", row => (DeskId: row.GetInt64(0), Desk: row.Text(1))), cancellationToken);
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
            return await database.ReadAsync(ReadPool.Upkeep, db => HeldByAsync(db, deskId, desk), cancellationToken);
        }
        catch (Exception error) when (error is DeskUnreadableException || database.IsOfTheRow(error))
        {
            LogUnreadable(desk, error);
        }

        try
        {
            return await database.ReadAsync(
                ReadPool.Upkeep,
                db => db.ListAsync(
                    "SELECT position_id FROM held_positions WHERE desk_id = @DeskId", row => new HeldBy(row.Text(0), desk, null, Generation: 0), new { DeskId = deskId }),
                cancellationToken);
        }
        catch (Exception error) when (database.IsOfTheRow(error))
        {
            return [];
        }
    }

    private async Task<List<HeldBy>> HeldByAsync(DbSession db, long deskId, string desk)
    {
        var isFolded = await db.ScalarAsync<long>("SELECT folded_sequence = head_sequence FROM desks WHERE desk_id = @DeskId", new { DeskId = deskId }) == 1;
        return isFolded
            ? await db.ListAsync(
                "SELECT position_id, source_log, source_file, source_offset, source_row, generation FROM held_positions WHERE desk_id = @DeskId",
                row => new HeldBy(row.Text(0), desk, DeskRows.Source(row, 1), row.GetInt32(5)),
                new { DeskId = deskId })
            : Replayed((await DeskRows.LoadAsync(database, db, desk)).Desk, desk);
    }

    private static List<HeldBy> Replayed(StoredDesk stored, string desk) =>
        [.. stored.ToDesk(desk).Positions.Select(held => new HeldBy(held.Row.PositionId, desk, held.Source, held.Generation))];
}
