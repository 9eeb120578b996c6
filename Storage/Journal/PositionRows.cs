using System.Data.Common;
using RiskMonitor.Risk.Positions;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.Journal;

/// <summary>Rows of <c>held_positions</c> as positions, and pages of them.</summary>
internal static class PositionRows
{
    /// <summary>What a row is expected to have, in this order: desks as <c>d</c>, their positions as <c>h</c>.</summary>
    public const string Columns = "d.desk, h.position_id, h.trader_id, h.security_id, h.quantity, h.delta, h.entry_date, h.currency, h.updated_at";

    /// <summary>Desks that are ahead of their rows; conditions on desks are put between it and <see cref="UnfoldedOrder"/>.</summary>
    public const string Unfolded =
        """
        SELECT d.desk, (SELECT at FROM journal AS j WHERE j.desk_id = d.desk_id AND j.sequence = d.folded_sequence + 1)
        FROM desks AS d WHERE d.folded_sequence < d.head_sequence
        """;

    public const string UnfoldedOrder = "ORDER BY d.desk";

    /// <returns>The row's place in the order of a page, and its position; null where that cannot be read.</returns>
    public static (PositionCursor At, Position? Position) Read(DbDataReader row) =>
        (new PositionCursor(row.Text(0), row.Text(1)), Unreadable.TryRead(() => Position(row), out var position, out _) ? position : null);

    public static UnfoldedDesk ReadUnfolded(DbDataReader row) => new(row.Text(0), row.InstantOrNull(1) ?? DateTimeOffset.UnixEpoch);

    /// <param name="rows">One more than the page may have shows that another page follows.</param>
    public static PositionPage Page(
        IReadOnlyList<(PositionCursor At, Position? Position)> rows, int atMost, long total, IReadOnlyList<UnfoldedDesk> unfolded)
    {
        var page = rows.Take(atMost).ToList();
        return new PositionPage([.. page.Select(row => row.Position).OfType<Position>()], total, rows.Count > atMost ? page[^1].At : null, unfolded)
        {
            Unreadable = [.. page.Where(row => row.Position is null).Select(row => row.At.Desk).Distinct(StringComparer.Ordinal)],
        };
    }

    private static Position Position(DbDataReader row) => new(
        row.Text(1),
        row.Text(2),
        row.Text(0),
        row.Text(3),
        row.Decimal(4),
        row.DecimalOrNull(5),
        row.Date(6),
        row.Text(7),
        row.InstantOrNull(8));
}
