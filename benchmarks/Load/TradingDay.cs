using System.Globalization;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Benchmarks.Load;

/// <summary>
/// A trading day over many desks, the same each time: 70 % of its changes update a position, and one in twenty of those moves it to another desk; 20 %
/// open a position and 10 % close one, so that a tenth as many positions as changes are held at the end.
/// </summary>
internal sealed record TradingDay(int Changes, int Desks)
{
    private const int Securities = 500;
    private const int TradersPerDesk = 5;

    private static readonly string[] s_currencies = ["USD", "EUR", "GBP", "JPY"];

    /// <summary>The changes in the order of their commits.</summary>
    public IEnumerable<RowChange> Rows()
    {
        var random = new Random(20261130);
        var held = new List<Position>();
        for (var i = 0; i < Changes; i++)
        {
            var kind = random.Next(100);
            if (held.Count == 0 || kind < 20)
            {
                var opened = Opened(i, random);
                held.Add(opened);
                yield return new RowChange(null, opened);
                continue;
            }

            var at = random.Next(held.Count);
            var before = held[at];
            if (kind < 30)
            {
                held[at] = held[^1];
                held.RemoveAt(held.Count - 1);
                yield return new RowChange(before, null);
                continue;
            }

            held[at] = before with
            {
                Desk = random.Next(20) == 0 ? Trading.DeskName(random.Next(Desks)) : before.Desk,
                Delta = Delta(random),
                UpdatedAt = UpdatedAt(i),
            };
            yield return new RowChange(before, held[at]);
        }
    }

    /// <summary>Positions that are opened in one go, and no other change.</summary>
    public IEnumerable<Position> Openings()
    {
        var random = new Random(20261130);
        for (var i = 0; i < Changes; i++)
        {
            yield return Opened(i, random);
        }
    }

    private Position Opened(int number, Random random)
    {
        var desk = random.Next(Desks);
        var security = random.Next(Securities);
        return new Position(
            string.Create(CultureInfo.InvariantCulture, $"POS-{number:D8}"),
            string.Create(CultureInfo.InvariantCulture, $"trader_{desk:D4}_{random.Next(TradersPerDesk)}"),
            Trading.DeskName(desk),
            string.Create(CultureInfo.InvariantCulture, $"ISIN-US{security:D8}-20270115"),
            random.Next(-50_000, 50_000) / 10m,
            Delta(random),
            new DateOnly(2026, 5, 2),
            s_currencies[security % s_currencies.Length],
            UpdatedAt(number));
    }

    private static decimal Delta(Random random) => random.Next(-1_000_000_000, 1_000_000_000) / 10_000m;

    private static DateTimeOffset UpdatedAt(int number) => Trading.Opening.AddSeconds(number / 1_000);
}

/// <param name="Before">Null where the position was opened.</param>
/// <param name="After">Null where it was closed.</param>
internal readonly record struct RowChange(Position? Before, Position? After);
