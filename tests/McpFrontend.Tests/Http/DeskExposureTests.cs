using System.Text.Json.Nodes;
using RiskMonitor.McpFrontend.Tests.World;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Limits;

namespace RiskMonitor.McpFrontend.Tests.Http;

public sealed class DeskExposureTests
{
    [Fact]
    public async Task A_desk_in_breach_shows_figures_limit_breach_alert_conclusion_and_citations()
    {
        var book = new Book();
        book.Limit("net", 1_000_000);
        book.Put("Rates", "P1", 2_000_000.5m, trader: "T1", security: "BUND");
        book.Put("Rates", "P2", -400_000, trader: "T2", security: "OAT");
        await using var frontend = await Frontend.StartAsync(book);

        var answer = await frontend.OkAsync("/api/v1/desks/Rates/exposure");

        Assert.StartsWith("req_", (string?)answer["request_id"], StringComparison.Ordinal);
        Assert.Equal("live", (string?)answer["feed"]!["state"]);
        Assert.Equal("2026-05-04T11:59:59.000Z", (string?)answer["feed"]!["applied_through"]);
        Assert.Equal("""{"user":"local-admin","role":"admin","desks":"*","clearance":"trader"}""", answer["scope"]!.ToJsonString());
        Assert.Empty(answer["withheld"]!.AsArray());
        var exposure = answer["exposure"]!;
        Assert.Equal("1600000.5000", (string?)exposure["delta"]);
        Assert.Equal("2400000.5000", (string?)exposure["gross_delta"]);
        Assert.Equal("2000000.5000", (string?)exposure["long_delta"]);
        Assert.Equal("-400000.0000", (string?)exposure["short_delta"]);
        Assert.Equal("USD", (string?)exposure["unit"]);
        Assert.Equal(2, (int)exposure["position_count"]!);
        Assert.False((bool)exposure["incomplete"]!);
        Assert.Equal("USD", (string?)exposure["by_currency"]![0]!["currency"]);
        Assert.Equal(["T1", "T2"], exposure["by_trader"]!.AsArray().Select(row => (string?)row!["trader_id"]));
        Assert.Equal("BUND", (string?)exposure["by_security"]![0]!["security_id"]);
        Assert.Equal("1000000.0000", (string?)answer["limit"]!["threshold"]);
        Assert.Equal(1.600001m, (decimal)answer["utilisation"]!);
        Assert.Equal("breach", (string?)answer["utilisation_state"]);
        var breach = Assert.Single(answer["breaches"]!.AsArray())!;
        var alert = Assert.Single(answer["alerts"]!.AsArray())!;
        Assert.Equal((string?)breach["alert_id"], (string?)alert["alert_id"]);
        Assert.Equal("1600000.5000", (string?)breach["current_value"]);
        Assert.Equal("2000000.5000", (string?)breach["peak_value"]);
        Assert.Equal("1600000.5000", (string?)alert["current_value"]);
        Assert.Contains("breaches its intraday net delta limit", (string?)answer["conclusion"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_citation_points_at_a_figure_of_the_answer()
    {
        var book = new Book();
        book.Limit("net", 1_000);
        book.Put("Rates", "P1", 10);
        await using var frontend = await Frontend.StartAsync(book);

        var answer = await frontend.OkAsync("/api/v1/desks/Rates/exposure");

        var citations = answer["citations"]!.AsArray();
        Assert.NotEmpty(citations);
        Assert.All(citations, citation =>
        {
            var path = (string)citation!["path"]!;
            Assert.NotNull(path[1..].Split('/').Aggregate((JsonNode?)answer, (node, name) => node?[name]));
        });
    }

    [Theory]
    [InlineData("Delta/One")]
    [InlineData("50%2F")]
    [InlineData("a%b")]
    [InlineData("FX \"prop\" \\ Ōsaka 🐙")]
    [InlineData("rates+credit&more?x=1#y")]
    [InlineData("/leading and trailing/")]
    [InlineData("é")]
    public async Task Any_name_of_a_desk_can_be_asked_for_by_path_and_by_query(string desk)
    {
        var book = new Book();
        book.Put(desk, "P1", 10);
        // Neighbours that a careless decoding would find instead.
        book.Put("50/", "P2", 20);
        book.Put("Delta", "P3", 30);
        await using var frontend = await Frontend.StartAsync(book);

        var byPath = await frontend.OkAsync($"/api/v1/desks/{Uri.EscapeDataString(desk)}/exposure");
        var byQuery = await frontend.OkAsync($"/api/v1/desks/exposure?desk={Uri.EscapeDataString(desk)}");

        Assert.Equal(desk, (string?)byPath["desk"]);
        Assert.Equal(desk, (string?)byQuery["desk"]);
        Assert.Equal("10.0000", (string?)byPath["exposure"]!["delta"]);
    }

    [Fact]
    public async Task A_misspelt_desk_is_not_found_names_those_like_it_and_creates_none()
    {
        var book = new Book();
        book.Put("Equity Options", "P1", 10);
        book.Put("Rates", "P2", 10);
        await using var frontend = await Frontend.StartAsync(book);

        var (status, problem) = await frontend.GetAsync("/api/v1/desks/equity%20opitons/exposure");

        Assert.Equal(404, status);
        Assert.Equal("not_found", (string?)problem["code"]);
        Assert.False((bool)problem["retryable"]!);
        Assert.Equal(["Equity Options"], problem["details"]![0]!["allowed"]!.AsArray().Select(name => (string?)name));
        Assert.Empty(book.Activated);
    }

    [Fact]
    public async Task Missing_deltas_and_a_silent_feed_never_read_as_within_the_limit()
    {
        var book = new Book();
        book.Limit("net", 1_000_000);
        book.Put("Rates", "P1", 10);
        book.Put("Rates", "P2", null);
        book.FeedStatus = new FeedStatus(FeedState.Stale, null, null, ["silent for 40 s"]);
        await using var frontend = await Frontend.StartAsync(book);

        var answer = await frontend.OkAsync("/api/v1/desks/Rates/exposure");

        Assert.True((bool)answer["exposure"]!["incomplete"]!);
        Assert.Equal("silent for 40 s", (string?)answer["feed"]!["reasons"]![0]);
        var conclusion = (string)answer["conclusion"]!;
        Assert.Contains("not certain", conclusion, StringComparison.Ordinal);
        Assert.Contains("without a delta", conclusion, StringComparison.Ordinal);
        Assert.Contains("stale", conclusion, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_desk_whose_snapshot_is_being_read_says_building()
    {
        var book = new Book();
        book.Put("Rates", "P1", 10, snapshot: new SnapshotProgress(1, default));
        await using var frontend = await Frontend.StartAsync(book);

        var answer = await frontend.OkAsync("/api/v1/desks/Rates/exposure");

        Assert.Equal("building", (string?)answer["feed"]!["state"]);
        Assert.Contains("building", (string?)answer["conclusion"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_limit_for_the_horizon_there_is_no_utilisation()
    {
        var book = new Book();
        book.Limit("net", 1_000);
        book.Put("Rates", "P1", 10);
        await using var frontend = await Frontend.StartAsync(book);

        var answer = await frontend.OkAsync("/api/v1/desks/Rates/exposure?horizon=overnight&limit_profile=standard");

        Assert.Null(answer["limit"]);
        Assert.Null(answer["utilisation"]);
        Assert.Equal("no_limit", (string?)answer["utilisation_state"]);
        Assert.Contains("No standard overnight limit", (string?)answer["conclusion"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_worst_metric_decides_the_state()
    {
        var book = new Book();
        book.Limit("net", 1_000);
        book.Limit("gross", 150, RiskMetric.GrossDelta);
        book.Put("Rates", "P1", 100);
        book.Put("Rates", "P2", -100);
        await using var frontend = await Frontend.StartAsync(book);

        var answer = await frontend.OkAsync("/api/v1/desks/Rates/exposure");

        Assert.Equal(0, (decimal)answer["utilisation"]!);
        Assert.Equal("breach", (string?)answer["utilisation_state"]);
        Assert.Equal(2, answer["limits"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("horizon=weekly", "horizon", "overnight")]
    [InlineData("limit_profile=strict", "limit_profile", "standard")]
    [InlineData("as_of=2026-05-01", "as_of", null)]
    [InlineData("horzion=intraday", "horzion", "horizon")]
    [InlineData("horizon=intraday&horizon=overnight", "horizon", null)]
    [InlineData("horizon=", "horizon", null)]
    public async Task A_parameter_that_cannot_be_meant_so_is_refused_and_says_what_would_be_right(string query, string field, string? allowed)
    {
        var book = new Book();
        book.Put("Rates", "P1", 10);
        await using var frontend = await Frontend.StartAsync(book);

        var (status, problem) = await frontend.GetAsync($"/api/v1/desks/Rates/exposure?{query}");

        Assert.Equal(400, status);
        Assert.Equal("invalid_input", (string?)problem["code"]);
        var detail = Assert.Single(problem["details"]!.AsArray())!;
        Assert.Equal(field, (string?)detail["field"]);
        if (allowed is not null)
        {
            Assert.Contains(allowed, detail["allowed"]!.AsArray().Select(name => (string?)name));
        }
    }

    [Fact]
    public async Task The_twin_without_a_desk_says_what_is_missing()
    {
        await using var frontend = await Frontend.StartAsync(new Book());

        var (status, problem) = await frontend.GetAsync("/api/v1/desks/exposure");

        Assert.Equal(400, status);
        Assert.Equal("desk", (string?)problem["details"]![0]!["field"]);
    }
}
