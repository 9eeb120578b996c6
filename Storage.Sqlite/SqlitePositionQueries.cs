using Microsoft.Data.Sqlite;
using RiskMonitor.Risk.Positions;
using RiskMonitor.Storage.Database;
using RiskMonitor.Storage.Journal;

namespace RiskMonitor.Storage.Sqlite;

internal sealed class SqlitePositionQueries(SqliteStorage storage) : IPositionQueries
{
    private const string Columns =
        "d.desk, h.position_id, h.trader_id, h.security_id, h.quantity, h.delta, h.entry_date, h.currency, h.updated_at";

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
                $"SELECT {Columns} {rest.From} ORDER BY d.desk, h.position_id LIMIT ?{rest.Values.Count + 1}",
                row => (new PositionCursor(row.GetString(0), row.GetString(1)), Unreadable.TryRead(() => Position(row), out var position, out _) ? position : null),
                [.. rest.Values, atMost + 1L - rows.Count]));
        }

        var unfolded = Unfolded(session, filter.Desks);
        var page = rows.Take(atMost).ToList();
        return new PositionPage([.. page.Select(row => row.Position).OfType<Position>()], total, rows.Count > atMost ? page[^1].At : null, unfolded)
        {
            Unreadable = [.. page.Where(row => row.Position is null).Select(row => row.At.Desk).Distinct(StringComparer.Ordinal)],
        };
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
        return session.List(
            $"""
            SELECT d.desk, (SELECT at FROM journal AS j WHERE j.desk_id = d.desk_id AND j.sequence = d.folded_sequence + 1)
            FROM desks AS d WHERE d.folded_sequence < d.head_sequence {conditions.And} ORDER BY d.desk
            """,
            row => new UnfoldedDesk(row.GetString(0), row.InstantOrNull(1) ?? DateTimeOffset.UnixEpoch),
            [.. conditions.Values]);
    }

    private static Position Position(SqliteDataReader row) => new(
        row.GetString(1),
        row.GetString(2),
        row.GetString(0),
        row.GetString(3),
        row.Decimal(4),
        row.DecimalOrNull(5),
        row.Date(6),
        row.GetString(7),
        row.InstantOrNull(8));
}
