using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Figures;
using RiskMonitor.Risk.Positions;
using RiskMonitor.Storage.Database;

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
        // Desk by desk, so that one desk's groups at a time are looked up.
        var conditions = PositionConditions.Of(filter);
        var sums = new List<PositionSum>();
        var unreadable = new List<string>();
        var isReadable = true;
        var groups = new Dictionary<(string TraderId, string SecurityId, string Currency), (Totals Totals, decimal Quantity)>();
        var desk = (Id: 0L, Name: "");
        session.Each(
            $"SELECT d.desk_id, d.desk, h.trader_id, h.security_id, h.currency, h.quantity, h.delta {conditions.From} ORDER BY d.desk",
            row =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (row.GetInt64(0) != desk.Id)
                {
                    EndDesk();
                    desk = (row.GetInt64(0), row.GetString(1));
                }

                if (!isReadable || !Unreadable.TryRead(() => (row.GetString(2), row.GetString(3), row.GetString(4), row.Decimal(5), row.DecimalOrNull(6)), out var position, out _))
                {
                    // Part of a desk is no sum of it.
                    isReadable = false;
                    return;
                }

                var (traderId, securityId, currency, quantity, delta) = position;
                ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(groups, (traderId, securityId, currency), out _);
                sum = (sum.Totals.With(delta), Amounts.Sum(sum.Quantity, quantity) ?? Amounts.Most);
            },
            [.. conditions.Values]);
        EndDesk();
        return new PositionSums(sums, Unfolded(session, filter.Desks)) { Unreadable = unreadable };

        void EndDesk()
        {
            if (!isReadable)
            {
                unreadable.Add(desk.Name);
                groups.Clear();
                isReadable = true;
            }

            foreach (var ((traderId, securityId, currency), (totals, quantity)) in groups)
            {
                sums.Add(new PositionSum(desk.Name, traderId, securityId, currency, totals, quantity));
            }

            groups.Clear();
        }
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
