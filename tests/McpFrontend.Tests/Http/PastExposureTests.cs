using RiskMonitor.McpFrontend.Tests.World;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;

namespace RiskMonitor.McpFrontend.Tests.Http;

public sealed class PastExposureTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_past_answer_tells_its_instant_its_basis_and_the_alerts_of_breaches_open_then()
    {
        var book = Breached();
        await using var frontend = await Frontend.StartAsync(book);

        var answer = await frontend.OkAsync("/api/v1/desks/Rates/exposure?as_of=2026-05-04T11:00:00.5Z");

        Assert.Equal("2026-05-04T11:00:00.500Z", (string?)answer["as_of"]);
        Assert.Equal("live", (string?)answer["feed"]!["state"]);
        Assert.Equal("2026-05-04T10:59:59.000Z", (string?)answer["feed"]!["applied_through"]);
        Assert.True((bool)answer["history"]!["exact"]!);
        Assert.Equal("""[{"topic":"positions_cdc","partition":0,"offset":0}]""", answer["history"]!["offsets"]!.ToJsonString());
        Assert.Equal("2000.0000", (string?)answer["exposure"]!["delta"]);
        Assert.Equal(book.AlertOf("Rates").ToString("D"), (string?)Assert.Single(answer["alerts"]!.AsArray())!["alert_id"]);
        Assert.StartsWith("As of 2026-05-04T11:00:00.500Z: \"Rates\" is net long 2,000 USD", (string?)answer["conclusion"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_kept_state_says_that_it_is_not_exact_and_of_when_it_is()
    {
        var book = Breached();
        book.Past = (desk, _) => new PastState(book.ToView(desk), FeedState.Live, null, Noon.AddDays(-1));
        await using var frontend = await Frontend.StartAsync(book);

        var answer = await frontend.OkAsync("/api/v1/desks/Rates/exposure?as_of=2026-05-03T18:00:00Z");

        Assert.False((bool)answer["history"]!["exact"]!);
        Assert.Equal("2026-05-03T12:00:00.000Z", (string?)answer["history"]!["state_at"]);
        Assert.StartsWith("As of 2026-05-03T12:00:00.000Z, the last state kept before 2026-05-03T18:00:00.000Z:", (string?)answer["conclusion"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Before_all_history_the_error_says_how_far_back_it_goes()
    {
        var book = Breached();
        book.Past = (_, _) => new BeforeHistory(new HistoryReach(Noon.AddDays(-30), Noon.AddDays(-7)));
        await using var frontend = await Frontend.StartAsync(book);

        var (status, problem) = await frontend.GetAsync("/api/v1/desks/Rates/exposure?as_of=2020-01-01");

        Assert.Equal(400, status);
        Assert.Equal("as_of", (string?)problem["details"]![0]!["field"]);
        Assert.Contains("2026-04-04T12:00:00.000Z", (string?)problem["detail"], StringComparison.Ordinal);
        Assert.Contains("2026-04-27T12:00:00.000Z", (string?)problem["detail"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-05-03", "UTC", "2026-05-03T23:59:59.999Z")]
    [InlineData("2026-05-03", "America/New_York", "2026-05-04T03:59:59.999Z")]
    [InlineData("2026-05-03", "Asia/Tokyo", "2026-05-03T14:59:59.999Z")]
    public async Task A_date_alone_is_the_close_of_that_day_where_the_business_is(string date, string zone, string instant)
    {
        await using var frontend = await Frontend.StartAsync(Breached(), ("Frontend:BusinessTimeZone", zone));

        var answer = await frontend.OkAsync($"/api/v1/desks/Rates/exposure?as_of={date}");

        Assert.Equal(instant, (string?)answer["as_of"]);
    }

    [Theory]
    [InlineData("2026-05-04T12:00:00")]
    [InlineData("2999-01-01T00:00:00Z")]
    [InlineData("2999-01-01")]
    [InlineData("yesterday")]
    [InlineData("9999-12-31")]
    public async Task An_instant_that_is_none_or_yet_to_come_is_refused(string asOf)
    {
        await using var frontend = await Frontend.StartAsync(Breached());

        var (status, problem) = await frontend.GetAsync($"/api/v1/desks/Rates/exposure?as_of={asOf}");

        Assert.Equal((400, "as_of"), (status, (string?)problem["details"]![0]!["field"]));
    }

    private static Book Breached()
    {
        var book = new Book();
        book.Limit("net", 1_000);
        book.Put("Rates", "P1", 2_000);
        book.Past = (desk, _) => new PastState(book.ToView(desk), FeedState.Live, Noon.AddHours(-1).AddSeconds(-1), null);
        return book;
    }
}
