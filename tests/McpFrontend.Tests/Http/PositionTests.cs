using RiskMonitor.McpFrontend.Tests.World;

namespace RiskMonitor.McpFrontend.Tests.Http;

public sealed class PositionTests
{
    [Fact]
    public async Task Positions_are_listed_by_desk_and_id_over_all_pages()
    {
        await using var frontend = await Frontend.StartAsync(Floor());

        var seen = new List<string?>();
        string? cursor = null;
        do
        {
            var page = await frontend.OkAsync($"/api/v1/positions?page_size=2{(cursor is null ? "" : $"&cursor={cursor}")}");
            Assert.Equal(3, (int)page["total"]!);
            seen.AddRange(page["positions"]!.AsArray().Select(row => (string?)row!["position_id"]));
            cursor = (string?)page["next_cursor"];
        }
        while (cursor is not null);

        Assert.Equal(["P3", "P1", "P2"], seen);
    }

    [Fact]
    public async Task A_position_tells_amounts_as_strings_and_a_missing_delta_as_null()
    {
        await using var frontend = await Frontend.StartAsync(Floor());

        var row = (await frontend.OkAsync("/api/v1/positions?security_id=OAT"))["positions"]![0]!;

        Assert.Equal("-7.5000", (string?)row["quantity"]);
        Assert.Null(row["delta"]);
        Assert.Equal("2026-04-01", (string?)row["entry_date"]);
        Assert.Equal("2026-05-04T12:00:00.000Z", (string?)row["updated_at"]);
    }

    [Theory]
    [InlineData("desk=Rates", 2)]
    [InlineData("trader_id=T2", 1)]
    [InlineData("currency=EUR", 2)]
    [InlineData("entry_date_from=2026-05-04", 2)]
    [InlineData("entry_date_to=2026-04-01", 1)]
    [InlineData("entry_date_from=2026-04-01&entry_date_to=2026-05-04", 3)]
    [InlineData("security_id=%27%20OR%201%3D1%20--", 0)]
    public async Task Filters_are_exact(string query, int expected)
    {
        await using var frontend = await Frontend.StartAsync(Floor());

        var answer = await frontend.OkAsync($"/api/v1/positions?{query}");

        Assert.Equal(expected, (int)answer["total"]!);
        Assert.Equal(expected == 0, answer["hint"] is not null);
    }

    [Theory]
    [InlineData("entry_date_from=04.05.2026")]
    [InlineData("entry_date_from=2026-05-04&entry_date_to=2026-05-03")]
    [InlineData("currency=euro")]
    [InlineData("page_size=0")]
    [InlineData("trader=T1")]
    public async Task What_makes_no_sense_is_refused(string query)
    {
        await using var frontend = await Frontend.StartAsync(Floor());

        Assert.Equal(400, (await frontend.GetAsync($"/api/v1/positions?{query}")).Status);
    }

    [Fact]
    public async Task Rows_are_brought_up_to_date_before_they_are_read()
    {
        var book = Floor();
        await using var frontend = await Frontend.StartAsync(book);

        var answer = await frontend.OkAsync("/api/v1/positions");

        Assert.Equal(["FX", "Rates"], book.Folded.Order());
        Assert.Null(answer["rows_as_of"]);
    }

    private static Book Floor()
    {
        var book = new Book();
        book.Put("Rates", "P1", 1_000, currency: "EUR", trader: "T1", security: "BUND");
        book.Put("Rates", "P2", null, currency: "EUR", trader: "T1", security: "OAT", quantity: -7.5m, entered: new DateOnly(2026, 4, 1));
        book.Put("FX", "P3", 100, currency: "USD", trader: "T2", security: "EURUSD");
        return book;
    }
}
