using RiskMonitor.Risk.Positions;
using RiskMonitor.Storage.Database;
using RiskMonitor.Storage.Journal;

namespace RiskMonitor.Storage.MySql;

/// <summary>
/// Goes through desks in their order, some at a time: in one statement MySQL would sort the positions of all desks to return the first page.
/// </summary>
internal sealed class MySqlPositionQueries(IDatabase database) : IPositionQueries
{
    private const int FirstDesks = 4;
    private const int MostDesks = 256;

    public Task<PositionPage> ListAsync(PositionFilter filter, PositionCursor? after, int atMost, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(atMost, 1);
        return database.ReadAsync(ReadPool.Query, db => PageAsync(db, MySqlPositionConditions.Of(filter), after, atMost), cancellationToken);
    }

    public Task<PositionSums> SumAsync(PositionFilter filter, CancellationToken cancellationToken) =>
        database.ReadAsync(ReadPool.Query, db => SumAsync(db, MySqlPositionConditions.Of(filter)), cancellationToken);

    public async Task<IReadOnlyList<UnfoldedDesk>> UnfoldedAsync(IReadOnlyCollection<string>? desks, CancellationToken cancellationToken) =>
        await database.ReadAsync(ReadPool.Query, db => UnfoldedAsync(db, MySqlPositionConditions.Of(new PositionFilter(desks))), cancellationToken);

    private static async Task<PositionPage> PageAsync(DbSession db, MySqlPositionConditions filter, PositionCursor? after, int atMost)
    {
        var total = await db.ScalarAsync<long>(
            filter.LetsWholeDesksThrough
                ? $"SELECT coalesce(sum(d.positions), 0) FROM desks AS d WHERE true {filter.OfDesks}"
                : $"SELECT count(*) FROM desks AS d STRAIGHT_JOIN held_positions AS h ON h.desk_id = d.desk_id WHERE true {filter.OfDesks} {filter.OfPositions}",
            filter.Values);

        // One more row than asked for shows whether there is a next page.
        var rows = new List<(PositionCursor At, Position? Position)>();
        if (after is not null)
        {
            rows.AddRange(await RowsAsync(db, filter, "AND d.desk = @AfterDesk AND h.position_id > @AfterPosition", atMost + 1, ("AfterDesk", after.Desk), ("AfterPosition", after.PositionId)));
        }

        await foreach (var desks in DesksAsync(db, filter, after?.Desk))
        {
            if (rows.Count > atMost)
            {
                break;
            }

            rows.AddRange(await RowsAsync(db, filter, "AND d.desk_id IN @DeskIds", atMost + 1 - rows.Count, ("DeskIds", desks)));
        }

        return PositionRows.Page(rows, atMost, total, await UnfoldedAsync(db, filter));
    }

    private static async Task<PositionSums> SumAsync(DbSession db, MySqlPositionConditions filter)
    {
        var sums = new PositionSumming();
        await foreach (var desks in DesksAsync(db, filter, null))
        {
            await db.EachAsync(
                $"""
                SELECT {PositionSumming.Columns} FROM desks AS d STRAIGHT_JOIN held_positions AS h ON h.desk_id = d.desk_id
                WHERE d.desk_id IN @DeskIds {filter.OfPositions} ORDER BY d.desk_id
                """,
                sums.Add,
                filter.With(("DeskIds", desks)));
        }

        return sums.End(await UnfoldedAsync(db, filter));
    }

    private static Task<List<(PositionCursor At, Position? Position)>> RowsAsync(
        DbSession db, MySqlPositionConditions filter, string which, int atMost, params IEnumerable<(string Name, object Value)> values) => db.ListAsync(
        $"""
        SELECT {PositionRows.Columns} FROM desks AS d STRAIGHT_JOIN held_positions AS h ON h.desk_id = d.desk_id
        WHERE true {which} {filter.OfPositions} ORDER BY d.desk, h.position_id LIMIT @AtMost
        """,
        PositionRows.Read,
        filter.With([.. values, ("AtMost", atMost)]));

    /// <summary>The ids of the filter's desks behind one, some at a time: few at first, because they may be enough for a page.</summary>
    private static async IAsyncEnumerable<long[]> DesksAsync(DbSession db, MySqlPositionConditions filter, string? after)
    {
        var last = after ?? "";
        for (var atMost = FirstDesks; ; atMost = Math.Min(2 * atMost, MostDesks))
        {
            var desks = await db.ListAsync(
                $"SELECT d.desk_id, d.desk FROM desks AS d WHERE d.desk > @Last {filter.OfDesks} ORDER BY d.desk LIMIT @AtMost",
                row => (Id: row.GetInt64(0), Name: row.Text(1)),
                filter.With(("Last", last), ("AtMost", atMost)));
            if (desks.Count > 0)
            {
                last = desks[^1].Name;
                yield return [.. desks.Select(desk => desk.Id)];
            }

            if (desks.Count < atMost)
            {
                yield break;
            }
        }
    }

    private static async Task<IReadOnlyList<UnfoldedDesk>> UnfoldedAsync(DbSession db, MySqlPositionConditions filter) => await db.ListAsync(
        $"{PositionRows.Unfolded} {filter.OfDesks} {PositionRows.UnfoldedOrder}", PositionRows.ReadUnfolded, filter.Values);
}
