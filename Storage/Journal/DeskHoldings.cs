using RiskMonitor.Risk.Journal;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.Journal;

/// <summary>Loads desks as an activation does: their rows, and the journal's tail on top.</summary>
internal sealed class DeskHoldings(IDatabase database) : IDeskHoldings
{
    public async Task<IReadOnlyList<DeskHolding>> ReadAsync(string? desk, CancellationToken cancellationToken)
    {
        var names = await database.ReadAsync(
            ReadPool.Upkeep,
            db => db.ListAsync("SELECT desk FROM desks WHERE @Desk IS NULL OR desk = @Desk ORDER BY desk", row => row.Text(0), new { Desk = desk }),
            cancellationToken);
        var holdings = new List<DeskHolding>(names.Count);
        foreach (var name in names)
        {
            holdings.Add(await database.ReadAsync(ReadPool.Upkeep, db => ReadAsync(db, name), cancellationToken));
        }

        return holdings;
    }

    private async Task<DeskHolding> ReadAsync(DbSession db, string desk)
    {
        try
        {
            var risk = (await DeskRows.LoadAsync(database, db, desk)).Desk.ToDesk(desk);
            return new DeskHolding(desk, risk.Sequence, [.. risk.Positions], null);
        }
        catch (DeskUnreadableException unreadable)
        {
            return new DeskHolding(desk, 0, [], unreadable.Problem);
        }
        catch (Exception error) when (database.IsOfTheRow(error))
        {
            return new DeskHolding(desk, 0, [], $"its journal cannot be replayed: {error.Message}");
        }
    }
}
