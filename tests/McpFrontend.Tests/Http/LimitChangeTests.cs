using RiskMonitor.McpFrontend.Tests.World;

namespace RiskMonitor.McpFrontend.Tests.Http;

public sealed class LimitChangeTests
{
    private const string NewLimit =
        """{"profile":"standard","scope_kind":"desk","scope_key":"Rates","metric":"net_delta","horizon":"intraday","threshold":"500000.50","version":0,"reason":"new mandate"}""";

    [Fact]
    public async Task A_new_limit_is_stored_and_its_desk_judges_at_once()
    {
        var book = Floor();
        await using var frontend = await Frontend.StartAsync(book);

        var (status, answer) = await frontend.PutAsync("/api/v1/limits/rates%2Fnet", NewLimit);

        Assert.Equal(200, status);
        Assert.Equal("created", (string?)answer["outcome"]);
        Assert.Equal("rates/net", (string?)answer["limit"]!["limit_id"]);
        Assert.Equal("500000.5000", (string?)answer["limit"]!["threshold"]);
        Assert.Equal(1, (int)answer["limit"]!["version"]!);
        Assert.Equal("local-admin", (string?)answer["limit"]!["changed_by"]);
        Assert.Equal(1, (int)answer["desks_judged"]!);
        Assert.Equal(["Rates"], book.Judged);
    }

    [Theory]
    [InlineData("\"0.0000000000000000000000000001\"")]
    [InlineData("1e-28")]
    [InlineData("1e-30")]
    [InlineData("\"0.00000000000000000000000000000001\"")]
    [InlineData("\"0.00001\"")]
    [InlineData("1000000000000000000")]
    public async Task A_threshold_that_cannot_be_kept_is_refused_by_name(string threshold)
    {
        var book = Floor();
        await using var frontend = await Frontend.StartAsync(book);

        var (status, problem) = await frontend.PutAsync("/api/v1/limits/tiny", NewLimit.Replace("\"500000.50\"", threshold, StringComparison.Ordinal));

        Assert.Equal(400, status);
        Assert.Equal("threshold", (string?)problem["details"]![0]!["field"]);
        Assert.Empty(book.Limits);
    }

    [Fact]
    public async Task A_stored_limit_of_nearly_nothing_keeps_no_list_from_its_readers()
    {
        var book = Floor();
        book.Limit("tiny", 0.0000000000000000000000000001m, desk: "Rates");
        book.Put("Rates", "huge", 999_999_999_999m);
        await using var frontend = await Frontend.StartAsync(book);

        foreach (var path in new[] { "/api/v1/desks?order_by=utilisation", "/api/v1/desks/Rates/exposure", "/api/v1/alerts", "/api/v1/exposure?group_by=desk", "/api/v1/limits" })
        {
            await frontend.OkAsync(path);
        }

        var desk = (await frontend.OkAsync("/api/v1/desks/Rates/exposure"))!;
        Assert.Equal("breach", (string?)desk["utilisation_state"]);
        Assert.Null(desk["utilisation"]);
    }

    [Fact]
    public async Task A_change_keeps_what_it_leaves_out_and_a_null_empties()
    {
        var book = Floor();
        book.Limit("net", 1_000, desk: "Rates");
        book.Limits[0] = book.Limits[0] with { WarningRatio = 0.5m, ValidTo = book.Now.AddDays(1) };
        await using var frontend = await Frontend.StartAsync(book);

        var (status, _) = await frontend.PutAsync("/api/v1/limits/net", """{"threshold":2000,"valid_to":null,"version":1,"reason":"room to trade"}""");

        Assert.Equal(200, status);
        var limit = Assert.Single(book.Limits);
        Assert.Equal((2_000m, 0.5m, null, 2, "room to trade"), (limit.Threshold, limit.WarningRatio, limit.ValidTo, limit.Version, limit.Reason));
    }

    [Fact]
    public async Task A_default_limit_is_judged_by_every_desk()
    {
        var book = Floor();
        await using var frontend = await Frontend.StartAsync(book);

        await frontend.PutAsync("/api/v1/limits/default", NewLimit.Replace("desk\",\"scope_key\":\"Rates", "default", StringComparison.Ordinal));

        Assert.Equal(["FX", "Rates"], book.Judged.Order());
    }

    [Fact]
    public async Task Whoever_changes_what_somebody_else_changed_meanwhile_is_told()
    {
        var book = Floor();
        book.Limit("net", 1_000, desk: "Rates");
        await using var frontend = await Frontend.StartAsync(book);

        var (status, problem) = await frontend.PutAsync("/api/v1/limits/net", """{"threshold":2000,"version":7,"reason":"late"}""");

        Assert.Equal((409, "conflict"), (status, (string?)problem["code"]));
        Assert.Contains("version 1", (string?)problem["detail"], StringComparison.Ordinal);
        Assert.Equal(1_000, book.Limits[0].Threshold);
    }

    [Fact]
    public async Task Two_limits_do_not_bind_the_same_at_the_same_time()
    {
        var book = Floor();
        book.Limit("net", 1_000, desk: "Rates");
        await using var frontend = await Frontend.StartAsync(book);

        var (status, problem) = await frontend.PutAsync("/api/v1/limits/other", NewLimit);

        Assert.Equal(409, status);
        Assert.Equal("net", (string?)problem["details"]![0]!["allowed"]![0]);
    }

    [Theory]
    [InlineData("""{"threshold":-1,"version":1,"reason":"x"}""", "threshold")]
    [InlineData("""{"threshold":"a lot","version":1,"reason":"x"}""", "threshold")]
    [InlineData("""{"threshold":1,"version":1}""", "reason")]
    [InlineData("""{"threshold":1,"reason":"x"}""", "version")]
    [InlineData("""{"threshold":1,"version":1,"reason":"x","treshold":2}""", "treshold")]
    [InlineData("""{"threshold":1,"threshold":2,"version":1,"reason":"x"}""", "threshold")]
    [InlineData("""{"metric":"gross_delta","version":1,"reason":"x"}""", "limit_id")]
    [InlineData("""{"warning_ratio":2,"version":1,"reason":"x"}""", "warning_ratio")]
    [InlineData("""{"valid_from":"tomorrow","version":1,"reason":"x"}""", "valid_from")]
    [InlineData("""{"currency":"USD","version":1,"reason":"x"}""", "currency")]
    [InlineData("""[1]""", "body")]
    [InlineData("""{"threshold":""", "body")]
    public async Task A_wrong_limit_is_refused_and_nothing_is_stored(string body, string field)
    {
        var book = Floor();
        var before = book.Limit("net", 1_000, desk: "Rates");
        await using var frontend = await Frontend.StartAsync(book);

        var (status, problem) = await frontend.PutAsync("/api/v1/limits/net", body);

        Assert.Equal((400, "invalid_input"), (status, (string?)problem["code"]));
        Assert.Contains(problem["details"]!.AsArray(), detail => (string?)detail!["field"] == field);
        Assert.Equal(before, Assert.Single(book.Limits));
    }

    private static Book Floor()
    {
        var book = new Book();
        book.Put("Rates", "P1", 100);
        book.Put("FX", "P2", 100);
        return book;
    }
}
