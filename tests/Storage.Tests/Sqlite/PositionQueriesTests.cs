using FsCheck;
using FsCheck.Fluent;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Storage.Tests.Sqlite;

public abstract class PositionQueriesTests(TestServer server)
{
    private static readonly DateOnly Day = new(2026, 11, 3);

    [Fact]
    public async Task Pages_in_the_order_of_desk_and_position_show_every_row_that_the_filter_lets_through_once()
    {
        await using var database = await server.CreateAsync();
        var random = new Random(7);
        var rows = Rows(random);
        await HoldAsync(database, rows);
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed => CheckAsync(database, rows, new Random(seed)).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(150));
    }

    [Fact]
    public async Task A_page_goes_on_behind_a_position_that_has_left_meanwhile()
    {
        await using var database = await server.CreateAsync();
        await HoldAsync(database, [Row("A", "p-1"), Row("A", "p-3"), Row("B", "p-1")]);

        var page = await Queries(database).ListAsync(new PositionFilter(), new PositionCursor("A", "p-2"), 10, default);
        Assert.Equal([("A", "p-3"), ("B", "p-1")], page.Positions.Select(row => (row.Desk, row.PositionId)));
        Assert.Equal((3L, null), (page.Total, page.Next));
    }

    [Fact]
    public async Task Names_are_data_whatever_they_look_like()
    {
        await using var database = await server.CreateAsync();
        string[] names = ["'; DROP TABLE desks; --", "\") OR 1=1 --", "[\"A\"]", "%", "Zins/Derivate \u00e4\u6f22\U0001f4c8", "\u0001\\\"", " "];
        await HoldAsync(database, [.. names.Select(name => Row(name, "p") with { TraderId = name, SecurityId = name, Currency = name })]);
        foreach (var name in names)
        {
            var filters = new[] { new PositionFilter([name]), new PositionFilter(TraderId: name), new PositionFilter(SecurityId: name), new PositionFilter(Currency: name) };
            foreach (var filter in filters)
            {
                var page = await Queries(database).ListAsync(filter, null, 10, default);
                Assert.Equal((name, 1L), (Assert.Single(page.Positions).Desk, page.Total));
            }
        }
    }

    [Fact]
    public async Task A_list_of_hundreds_of_desks_and_an_empty_one_are_taken_at_their_word()
    {
        await using var database = await server.CreateAsync();
        await HoldAsync(database, [Row("A", "p-1"), Row("B", "p-2")]);
        var many = Enumerable.Range(0, 900).Select(i => $"desk-{i}").Append("B").ToList();

        Assert.Equal("B", Assert.Single((await Queries(database).ListAsync(new PositionFilter(many), null, 10, default)).Positions).Desk);
        var none = await Queries(database).ListAsync(new PositionFilter([]), null, 10, default);
        Assert.Equal((0, 0L, null), (none.Positions.Count, none.Total, none.Next));
        Assert.Empty((await Queries(database).SumAsync(new PositionFilter([]), default)).Sums);
    }

    [Fact]
    public async Task A_page_says_since_when_the_rows_of_its_desks_are_behind()
    {
        await using var database = await server.CreateAsync();
        await HoldAsync(database, [Row("current", "p")]);
        var risk = new DeskRisk("behind");
        var journal = database.Journal;
        await journal.AppendAsync(Samples.Trade(risk, 1m, Samples.Noon), default);
        Assert.True(await journal.FoldAsync(risk.Fold(0), default));
        await journal.AppendAsync(Samples.Trade(risk, 2m, Samples.Noon.AddMinutes(1)), default);
        await journal.AppendAsync(Samples.Trade(risk, 3m, Samples.Noon.AddMinutes(2)), default);

        var all = await Queries(database).ListAsync(new PositionFilter(), null, 10, default);
        Assert.Equal([new UnfoldedDesk("behind", Samples.Noon.AddMinutes(1))], all.Unfolded);
        Assert.Equal(Samples.Noon.AddMinutes(1), all.FoldedThrough);
        Assert.Equal(1m, all.Positions[0].Delta);
        Assert.Equal(Samples.Noon.AddMinutes(1), (await Queries(database).SumAsync(new PositionFilter(["behind"]), default)).FoldedThrough);
        Assert.Null((await Queries(database).ListAsync(new PositionFilter(["current"]), null, 10, default)).FoldedThrough);
        Assert.Empty(await Queries(database).UnfoldedAsync(["current"], default));

        Assert.True(await journal.FoldAsync(risk.Fold(1), default));
        Assert.Null((await Queries(database).ListAsync(new PositionFilter(), null, 10, default)).FoldedThrough);
    }

    [Fact]
    public async Task Sums_are_exact_where_floating_point_is_not()
    {
        await using var database = await server.CreateAsync();
        await HoldAsync(database,
        [
            Row("A", "p-1") with { Delta = 99_999_999_999_999.9999m, Quantity = 0.0001m },
            Row("A", "p-2") with { Delta = 0.0001m, Quantity = 99_999_999_999_999.9999m },
            Row("A", "p-3") with { Delta = null, Quantity = -1m },
        ]);

        var sum = Assert.Single((await Queries(database).SumAsync(new PositionFilter(), default)).Sums);
        Assert.Equal(new PositionSum("A", "t-0", "s-0", "USD", new Totals(100_000_000_000_000.0000m, 0, 3, 1), 99_999_999_999_999.0000m), sum);
    }

    private static async Task CheckAsync(TestDatabase database, IReadOnlyList<Position> rows, Random random)
    {
        var filter = new PositionFilter(
            random.Next(2) == 0 ? null : [.. Enumerable.Range(0, random.Next(4)).Select(_ => $"desk {random.Next(5)}").Distinct()],
            random.Next(3) == 0 ? $"t-{random.Next(5)}" : null,
            random.Next(3) == 0 ? $"s-{random.Next(6)}" : null,
            random.Next(3) == 0 ? (random.Next(2) == 0 ? "USD" : "EUR") : null,
            random.Next(3) == 0 ? Day.AddDays(random.Next(-1, 11)) : null,
            random.Next(3) == 0 ? Day.AddDays(random.Next(-1, 11)) : null);
        var expected = rows.Where(row =>
                (filter.Desks is null || filter.Desks.Contains(row.Desk))
                && (filter.TraderId is null || row.TraderId == filter.TraderId)
                && (filter.SecurityId is null || row.SecurityId == filter.SecurityId)
                && (filter.Currency is null || row.Currency == filter.Currency)
                && (filter.EntryDateFrom is null || row.EntryDate >= filter.EntryDateFrom)
                && (filter.EntryDateTo is null || row.EntryDate <= filter.EntryDateTo))
            .OrderBy(row => row.Desk, StringComparer.Ordinal).ThenBy(row => row.PositionId, StringComparer.Ordinal)
            .ToList();

        var found = new List<Position>();
        PositionCursor? cursor = null;
        do
        {
            var atMost = random.Next(1, 40);
            var page = await Queries(database).ListAsync(filter, cursor, atMost, default);
            Assert.Equal(expected.Count, page.Total);
            Assert.Equal(Math.Min(atMost, expected.Count - found.Count), page.Positions.Count);
            found.AddRange(page.Positions);
            cursor = page.Next;
        }
        while (cursor is not null);
        Assert.Equal(expected, found);

        var sums = (await Queries(database).SumAsync(filter, default)).Sums;
        Assert.Equal(
            expected.GroupBy(row => (row.Desk, row.TraderId, row.SecurityId, row.Currency)).Select(group => new PositionSum(
                group.Key.Desk, group.Key.TraderId, group.Key.SecurityId, group.Key.Currency, group.Aggregate(default(Totals), (sum, row) => sum.With(row.Delta)), group.Sum(row => row.Quantity)))
            .OrderBy(sum => sum.ToString()),
            sums.OrderBy(sum => sum.ToString()));
    }

    private static List<Position> Rows(Random random) =>
    [
        .. Enumerable.Range(0, 400).Select(i => Row($"desk {random.Next(5)}", $"p-{i}") with
        {
            TraderId = $"t-{random.Next(5)}",
            SecurityId = $"s-{random.Next(6)}",
            Currency = random.Next(3) == 0 ? "EUR" : "USD",
            EntryDate = Day.AddDays(random.Next(10)),
            Delta = random.Next(5) == 0 ? null : new decimal(random.Next(-100_000, 100_000), 0, 0, false, 4),
            Quantity = new decimal(random.Next(100_000), 0, 0, random.Next(2) == 0, 4),
        }),
    ];

    private static Position Row(string desk, string positionId) =>
        new(positionId, "t-0", desk, "s-0", 1m, 5m, Day, "USD", Samples.Noon);

    /// <summary>Every desk with its rows, folded; first with others that it loses again.</summary>
    private static async Task HoldAsync(TestDatabase database, IReadOnlyList<Position> rows)
    {
        var journal = database.Journal;
        foreach (var desk in rows.GroupBy(row => row.Desk).Reverse())
        {
            var risk = new DeskRisk(desk.Key);
            var offset = 0;
            var puts = desk.Append(Row(desk.Key, "gone")).Select(row => new PositionChange(new Delivery(Samples.Feed, 0, ++offset), row.PositionId, row, null, null, null));
            await journal.AppendAsync(Samples.Record(risk, Samples.Noon, Samples.Changes(Samples.Noon, [.. puts])), default);
            Assert.True(await journal.FoldAsync(risk.Fold(0), default));
            await journal.AppendAsync(Samples.Record(risk, Samples.Noon, Samples.Changes(Samples.Noon, Samples.Deletion("gone", ++offset))), default);
            Assert.True(await journal.FoldAsync(risk.Fold(1), default));
        }
    }

    private static IPositionQueries Queries(TestDatabase database) => database.Get<IPositionQueries>();

    public sealed class OnSqlite() : PositionQueriesTests(TestServer.Sqlite);

    public sealed class OnMariaDb() : PositionQueriesTests(TestServer.MariaDb);
}
