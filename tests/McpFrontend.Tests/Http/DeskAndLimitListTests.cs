using RiskMonitor.McpFrontend.Tests.World;
using RiskMonitor.Risk.Limits;

namespace RiskMonitor.McpFrontend.Tests.Http;

public sealed class DeskAndLimitListTests
{
    [Theory]
    [InlineData("name", new[] { "A", "B", "C", "D" })]
    [InlineData("utilisation", new[] { "D", "B", "A", "C" })]
    [InlineData("net_delta", new[] { "C", "B", "D", "A" })]
    public async Task Desks_are_listed_in_the_order_asked_for_over_all_pages(string order, string[] expected)
    {
        var book = new Book();
        book.Limit("default", 1_000);
        book.Limit("of C", 1_000_000, desk: "C");
        book.Limit("of D", 0, desk: "D");
        book.Put("C", "P1", -5_000);
        book.Put("A", "P2", 100);
        book.Put("B", "P3", 2_000);
        book.Put("D", "P4", 200);
        await using var frontend = await Frontend.StartAsync(book);

        var seen = new List<string?>();
        string? cursor = null;
        do
        {
            var page = await frontend.OkAsync($"/api/v1/desks?order_by={order}&limit=1{(cursor is null ? "" : $"&cursor={cursor}")}");
            seen.AddRange(page["desks"]!.AsArray().Select(desk => (string?)desk!["desk"]));
            Assert.Equal(4, (int)page["total"]!);
            cursor = (string?)page["next_cursor"];
        }
        while (cursor is not null);

        Assert.Equal(expected, seen);
    }

    [Fact]
    public async Task A_desk_in_the_list_tells_figures_utilisation_and_open_breaches()
    {
        var book = new Book();
        book.Limit("default", 1_000);
        book.Put("Rates", "P1", 1_250, currency: "EUR");
        book.Put("Rates", "P2", null, currency: "EUR");
        await using var frontend = await Frontend.StartAsync(book);

        var desk = (await frontend.OkAsync("/api/v1/desks"))["desks"]![0]!;

        Assert.Equal("1250.0000", (string?)desk["delta"]);
        Assert.Equal("EUR", (string?)desk["unit"]);
        Assert.True((bool)desk["incomplete"]!);
        Assert.Equal("1000.0000", (string?)desk["threshold"]);
        Assert.Equal(1.25m, (decimal)desk["utilisation"]!);
        Assert.Equal("breach", (string?)desk["utilisation_state"]);
        Assert.Equal(1, (int)desk["open_breaches"]!);
    }

    [Fact]
    public async Task A_page_in_the_order_of_names_asks_only_its_own_desks()
    {
        var book = new Book();
        foreach (var i in Enumerable.Range(10, 20))
        {
            book.Put($"D{i}", $"P{i}", 1);
        }

        await using var frontend = await Frontend.StartAsync(book);

        await frontend.OkAsync("/api/v1/desks?page_size=3");

        Assert.InRange(book.Activated.Count, 3, 4);
    }

    [Fact]
    public async Task Limits_of_a_desk_are_its_own_and_the_defaults_and_say_which_binds()
    {
        var book = new Book();
        book.Limit("a default", 1_000);
        book.Limit("b own", 500, desk: "Rates/EU");
        book.Limit("c other", 700, desk: "FX");
        book.Limit("d gross", 9_000.5m, RiskMetric.GrossDelta);
        await using var frontend = await Frontend.StartAsync(book);

        var all = await frontend.OkAsync("/api/v1/limits");
        var own = await frontend.OkAsync("/api/v1/limits?desk=Rates%2FEU&profile=standard&horizon=intraday");

        Assert.Equal(4, (int)all["total"]!);
        Assert.Equal("9000.5000", (string?)all["limits"]![3]!["threshold"]);
        Assert.Equal(
            [("a default", false), ("b own", true), ("d gross", true)],
            own["limits"]!.AsArray().Select(limit => ((string)limit!["limit_id"]!, (bool)limit["effective"]!)));
    }

    [Fact]
    public async Task The_history_of_limits_is_of_a_desk_or_a_limit_and_comes_in_pages()
    {
        var book = new Book();
        book.Limit("a default", 1_000);
        book.Limit("b own", 500, desk: "Rates/EU");
        book.Limit("c other", 700, desk: "FX");
        book.Put("Rates/EU", "P1", 1);
        await using var frontend = await Frontend.StartAsync(book);

        Assert.Equal(["a default", "b own"], Ids(await frontend.OkAsync("/api/v1/limits/history?desk=Rates%2FEU")));
        Assert.Equal(["c other"], Ids(await frontend.OkAsync("/api/v1/limits/history?limit_id=c%20other")));
        var first = await frontend.OkAsync("/api/v1/limits/history?page_size=2");
        Assert.Equal((3, "a default", "b own"), ((int)first["total"]!, Ids(first)[0], Ids(first)[1]));
        Assert.Equal(["c other"], Ids(await frontend.OkAsync($"/api/v1/limits/history?page_size=2&cursor={first["next_cursor"]}")));
        Assert.Equal(400, (await frontend.GetAsync($"/api/v1/limits/history?desk=FX&cursor={first["next_cursor"]}")).Status);
        Assert.Equal(404, (await frontend.GetAsync("/api/v1/limits/history?desk=nobody")).Status);

        static List<string> Ids(System.Text.Json.Nodes.JsonNode answer) => [.. answer["versions"]!.AsArray().Select(version => (string)version!["limit"]!["limit_id"]!)];
    }

    [Fact]
    public async Task Limits_come_in_pages_too()
    {
        var book = new Book();
        book.Limit("b", 1);
        book.Limit("a", 2, RiskMetric.GrossDelta);
        await using var frontend = await Frontend.StartAsync(book);

        var first = await frontend.OkAsync("/api/v1/limits?page_size=1");
        var second = await frontend.OkAsync($"/api/v1/limits?page_size=1&cursor={first["next_cursor"]}");

        Assert.Equal("a", (string?)first["limits"]![0]!["limit_id"]);
        Assert.Equal("b", (string?)second["limits"]![0]!["limit_id"]);
        Assert.Null(second["next_cursor"]);
    }

    [Theory]
    [InlineData("/api/v1/limits?profile=strict", 400)]
    [InlineData("/api/v1/limits?horizon=weekly", 400)]
    [InlineData("/api/v1/limits?desk=Nobody", 404)]
    [InlineData("/api/v1/desks?order_by=size", 400)]
    public async Task What_is_not_known_is_refused(string path, int status)
    {
        await using var frontend = await Frontend.StartAsync(new Book());

        Assert.Equal(status, (await frontend.GetAsync(path)).Status);
    }
}
