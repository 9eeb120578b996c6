using RiskMonitor.Risk.Positions;
using RiskMonitor.Storage.Database;
using RiskMonitor.Storage.Journal;

namespace RiskMonitor.Storage.Sqlite;

internal sealed class SqlitePositionQueries(SqliteStorage storage) : IPositionQueries
{
    public Task<PositionPage> ListAsync(PositionFilter filter, PositionCursor? after, int atMost, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(atMost, 1);
        return storage.ReadAsync(ReadPool.Query, session => session.InOneSnapshot(snapshot => Page(snapshot, filter, after, atMost)), cancellationToken);
    }

    public Task<PositionSums> SumAsync(PositionFilter filter, CancellationToken cancellationToken) =>
        storage.ReadAsync(ReadPool.Query, session => session.InOneSnapshot(snapshot => Sums(snapshot, filter, cancellationToken)), cancellationToken);

    public async Task<IReadOnlyList<UnfoldedDesk>> UnfoldedAsync(IReadOnlyCollection<string>? desks, CancellationToken cancellationToken) =>
        await storage.ReadAsync(ReadPool.Query, session => session.InOneSnapshot(snapshot => Unfolded(snapshot, desks)), cancellationToken);

    private static PositionPage Page(SqliteSession session, PositionFilter filter, PositionCursor? after, int atMost)
    {
        var all = PositionConditions.Of(filter);
        var total = (long)session.Scalar(all.Count, [.. all.Values])!;
        var rows = new List<(PositionCursor At, Position? Position)>();
        foreach (var rest in after is null ? [all] : new[] { all.WithinDeskAfter(after), all.DesksAfter(after) })
        {
            // One more row than asked for shows whether there is a next page.
            rows.AddRange(session.List(
                $"SELECT {PositionRows.Columns} {rest.From} ORDER BY d.desk, h.position_id LIMIT ?{rest.Values.Count + 1}",
                PositionRows.Read,
                [.. rest.Values, atMost + 1L - rows.Count]));
        }

        return PositionRows.Page(rows, atMost, total, Unfolded(session, filter.Desks));
    }

    private static PositionSums Sums(SqliteSession session, PositionFilter filter, CancellationToken cancellationToken)
    {
        var conditions = PositionConditions.Of(filter);
        var sums = new PositionSumming();
        session.Each(
            $"SELECT {PositionSumming.Columns} {conditions.From} ORDER BY d.desk",
            row =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                sums.Add(row);
            },
            [.. conditions.Values]);
        return sums.End(Unfolded(session, filter.Desks));
    }

    private static List<UnfoldedDesk> Unfolded(SqliteSession session, IReadOnlyCollection<string>? desks)
    {
        var conditions = PositionConditions.OfDesks(desks);
        return session.List($"{PositionRows.Unfolded} {conditions.And} {PositionRows.UnfoldedOrder}", PositionRows.ReadUnfolded, [.. conditions.Values]);
    }
}
