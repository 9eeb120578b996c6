using System.Globalization;
using RiskMonitor.McpFrontend.Tests.World;

namespace RiskMonitor.McpFrontend.Tests.Http;

public sealed class ExposureTests
{
    [Theory]
    [InlineData("desk", 2)]
    [InlineData("trader", 2)]
    [InlineData("security", 3)]
    [InlineData("currency", 2)]
    [InlineData("desk,trader", 3)]
    [InlineData("desk,security", 4)]
    [InlineData("desk,currency", 3)]
    [InlineData("trader,security", 5)]
    [InlineData("security,trader", 5)]
    [InlineData("trader,currency", 3)]
    [InlineData("security,currency", 4)]
    public async Task Every_grouping_sums_to_the_same_totals(string groupBy, int groups)
    {
        await using var frontend = await Frontend.StartAsync(TwoDesks());

        var answer = await frontend.OkAsync($"/api/v1/exposure?group_by={groupBy}");

        Assert.Equal(groups, (int)answer["total"]!);
        Assert.Equal(groups, answer["rows"]!.AsArray().Count);
        foreach (var figure in new[] { "delta", "gross_delta", "long_delta", "short_delta" })
        {
            Assert.Equal(
                decimal.Parse((string)answer["totals"]![figure]!, CultureInfo.InvariantCulture),
                answer["rows"]!.AsArray().Sum(row => decimal.Parse((string)row![figure]!, CultureInfo.InvariantCulture)));
        }

        Assert.Equal("1250.0000", (string?)answer["totals"]!["delta"]);
        Assert.Equal("mixed", (string?)answer["totals"]!["unit"]);
    }

    [Fact]
    public async Task Filters_of_desk_and_trader_hold_for_securities_too()
    {
        var book = TwoDesks();
        await using var frontend = await Frontend.StartAsync(book);

        var answer = await frontend.OkAsync("/api/v1/exposure?group_by=security&desk=Rates&trader_id=T1");

        Assert.Equal(["BUND", "OAT"], answer["rows"]!.AsArray().Select(row => (string?)row!["security_id"]));
        Assert.All(answer["rows"]!.AsArray(), row => Assert.Null(row!["trader_id"]));
        Assert.Equal("1100.0000", (string?)answer["totals"]!["delta"]);
        Assert.Equal(["Rates"], book.Folded);
    }

    [Fact]
    public async Task A_threshold_marks_rows_and_the_rest_below_the_top_closes_the_sum()
    {
        await using var frontend = await Frontend.StartAsync(TwoDesks());

        var answer = await frontend.OkAsync("/api/v1/exposure?group_by=security&threshold=150&top=1");

        var row = Assert.Single(answer["rows"]!.AsArray())!;
        Assert.Equal("BUND", (string?)row["security_id"]);
        Assert.True((bool)row["above_threshold"]!);
        Assert.Equal("350.0000", (string?)answer["other"]!["delta"]);
        Assert.Equal(3, (int)answer["total"]!);
        Assert.Equal(1, (int)answer["returned"]!);
        Assert.True((bool)answer["truncated"]!);
        Assert.Null(answer["next_cursor"]);
    }

    [Theory]
    [InlineData("net_delta")]
    [InlineData("gross_delta")]
    [InlineData("name")]
    public async Task Pages_hold_every_group_once_in_the_order_of_the_whole(string order)
    {
        await using var frontend = await Frontend.StartAsync(TwoDesks());
        var path = $"/api/v1/exposure?group_by=trader,security&order_by={order}";

        var whole = (await frontend.OkAsync(path))["rows"]!.AsArray().Select(row => row!.ToJsonString());
        var pages = new List<string>();
        string? cursor = null;
        do
        {
            var page = await frontend.OkAsync($"{path}&page_size=1{(cursor is null ? "" : $"&cursor={cursor}")}");
            pages.AddRange(page["rows"]!.AsArray().Select(row => row!.ToJsonString()));
            cursor = (string?)page["next_cursor"];
        }
        while (cursor is not null);

        Assert.Equal(whole, pages);
    }

    [Theory]
    [InlineData("group_by=size")]
    [InlineData("group_by=desk,desk")]
    [InlineData("group_by=desk,trader,security")]
    [InlineData("group_by=desk&threshold=-1")]
    [InlineData("group_by=desk&threshold=1,000")]
    [InlineData("group_by=desk&top=0")]
    [InlineData("group_by=desk&top=3&page_size=3")]
    [InlineData("group_by=desk&cursor=AAAA")]
    [InlineData("desk=Rates")]
    public async Task What_makes_no_sense_is_refused(string query)
    {
        await using var frontend = await Frontend.StartAsync(TwoDesks());

        var (status, problem) = await frontend.GetAsync($"/api/v1/exposure?{query}");

        Assert.Equal((400, "invalid_input"), (status, (string?)problem["code"]));
        Assert.NotEmpty(problem["details"]!.AsArray());
    }

    [Fact]
    public async Task An_empty_answer_says_why_and_what_to_try()
    {
        await using var frontend = await Frontend.StartAsync(TwoDesks());

        var answer = await frontend.OkAsync("/api/v1/exposure?group_by=desk&trader_id=Nobody");

        Assert.Equal(0, (int)answer["total"]!);
        Assert.Contains("Nobody", (string?)answer["hint"], StringComparison.Ordinal);
    }

    private static Book TwoDesks()
    {
        var book = new Book();
        book.Put("Rates", "P1", 1_000, currency: "EUR", trader: "T1", security: "BUND");
        book.Put("Rates", "P2", 100, currency: "EUR", trader: "T1", security: "OAT");
        book.Put("Rates", "P3", -100, currency: "EUR", trader: "T2", security: "BUND");
        book.Put("FX", "P4", 200, currency: "USD", trader: "T2", security: "EURUSD");
        book.Put("FX", "P5", 50, currency: "EUR", trader: "T2", security: "OAT");
        book.Put("FX", "P6", null, currency: "EUR", trader: "T2", security: "OAT");
        book.Put("FX", "P7", 0, currency: "USD", trader: "T2", security: "OAT");
        return book;
    }
}
