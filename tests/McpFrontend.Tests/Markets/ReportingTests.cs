using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using RiskMonitor.McpFrontend.Tests.World;

namespace RiskMonitor.McpFrontend.Tests.Markets;

public sealed class ReportingTests
{
    [Fact]
    public async Task Converted_deltas_and_present_value_are_reported_where_rates_and_prices_exist()
    {
        await using var source = await MarketSource.StartAsync(Snapshot(
            """{"security_id":"BUND","price":"101.5","currency":"EUR"},{"security_id":"EURUSD","price":1.1,"currency":"USD"}""",
            """{"base":"EUR","quote":"USD","rate":"1.1"},{"base":"USD","quote":"JPY","rate":150}"""));
        await using var frontend = await StartAsync(source, Floor());

        var answer = await UntilAsync(frontend, "/api/v1/desks/Rates/exposure", json => (string?)json["reporting"]!["state"] == "live");

        var reporting = answer["reporting"]!;
        // 1,000 EUR at 1.1, 300 JPY at 1/150.
        Assert.Equal("1102.0000", (string?)reporting["delta"]);
        // 10 bonds at 101.5 EUR at 1.1; nothing has a price for the future in yen.
        Assert.Equal("1116.5000", (string?)reporting["present_value"]);
        Assert.False((bool)reporting["present_value_complete"]!);
        Assert.Equal(["JGB"], reporting["missing_prices"]!.AsArray().Select(name => (string?)name));
        Assert.Empty(reporting["missing_rates"]!.AsArray());
        Assert.Equal("1300.0000", (string?)answer["exposure"]!["delta"]);
        Assert.Equal(
            [("EUR", "1100.0000"), ("JPY", "2.0000")],
            answer["exposure"]!["by_currency"]!.AsArray().Select(row => ((string)row!["currency"]!, (string)row["reporting_delta"]!)));
    }

    [Fact]
    public async Task A_currency_without_a_rate_is_listed_and_never_counted_as_zero()
    {
        await using var source = await MarketSource.StartAsync(Snapshot("", """{"base":"EUR","quote":"USD","rate":1.1}"""));
        await using var frontend = await StartAsync(source, Floor());

        var answer = await UntilAsync(frontend, "/api/v1/exposure?group_by=currency", json => (string?)json["reporting"]!["state"] == "live");

        Assert.Null(answer["reporting"]!["delta"]);
        Assert.Equal(["JPY"], answer["reporting"]!["missing_rates"]!.AsArray().Select(name => (string?)name));
        Assert.Equal(
            [("EUR", "1100.0000"), ("JPY", null)],
            answer["rows"]!.AsArray().Select(row => ((string)row!["currency"]!, (string?)row["reporting_delta"])));
    }

    [Fact]
    public async Task Old_rates_are_used_and_listed()
    {
        await using var source = await MarketSource.StartAsync(Snapshot(
            "", """{"base":"EUR","quote":"USD","rate":1.1,"at":"2020-01-01T00:00:00Z"},{"base":"USD","quote":"JPY","rate":150}"""));
        await using var frontend = await StartAsync(source, Floor());

        var answer = await UntilAsync(frontend, "/api/v1/desks/Rates/exposure", json => (string?)json["reporting"]!["state"] == "stale");

        Assert.Equal("1102.0000", (string?)answer["reporting"]!["delta"]);
        Assert.Equal(["EUR"], answer["reporting"]!["stale_rates"]!.AsArray().Select(name => (string?)name));
    }

    [Fact]
    public async Task Without_a_snapshot_answers_do_not_wait_and_say_that_it_is_missing()
    {
        await using var source = await MarketSource.StartAsync("");
        source.Answer = context => Task.Delay(Timeout.Infinite, context.RequestAborted);
        await using var frontend = await StartAsync(source, Floor());

        var answer = await frontend.OkAsync("/api/v1/desks/Rates/exposure");

        Assert.Equal("unavailable", (string?)answer["reporting"]!["state"]);
        Assert.Null(answer["reporting"]!["delta"]);
        Assert.Equal(["EUR", "JPY"], answer["reporting"]!["missing_rates"]!.AsArray().Select(name => (string?)name));
    }

    [Fact]
    public async Task A_source_that_fails_is_retried_and_its_last_snapshot_stays_in_use()
    {
        await using var source = await MarketSource.StartAsync(Snapshot("", """{"base":"EUR","quote":"USD","rate":1.1},{"base":"JPY","quote":"USD","rate":0.01}"""));
        await using var frontend = await StartAsync(source, Floor());
        await UntilAsync(frontend, "/api/v1/desks/Rates/exposure", json => (string?)json["reporting"]!["state"] == "live");

        source.Answer = context =>
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return context.Response.WriteAsync("<html>");
        };
        var asked = source.Asked;
        var answer = await UntilAsync(frontend, "/api/v1/desks/Rates/exposure", _ => source.Asked > asked + 3);

        Assert.Equal("1103.0000", (string?)answer["reporting"]!["delta"]);
    }

    [Theory]
    [InlineData("""{"base":"EUR","quote":"USD","rate":0}""")]
    [InlineData("""{"base":"EUR","quote":"USD","rate":"-1.1"}""")]
    [InlineData("""{"base":"EUR","quote":"USD","rate":"1e400"}""")]
    [InlineData("""{"base":"euro","quote":"USD","rate":1.1}""")]
    [InlineData("""{"quote":"USD"}""")]
    [InlineData("""7""")]
    public async Task An_impossible_rate_is_left_out_and_the_others_are_used(string rate)
    {
        await using var source = await MarketSource.StartAsync(Snapshot("", rate + """,{"base":"USD","quote":"JPY","rate":150}"""));
        await using var frontend = await StartAsync(source, Floor());

        var answer = await UntilAsync(frontend, "/api/v1/desks/Rates/exposure", json => (string?)json["reporting"]!["state"] == "live");

        Assert.Equal(["EUR"], answer["reporting"]!["missing_rates"]!.AsArray().Select(name => (string?)name));
    }

    private static string Snapshot(string prices, string rates)
    {
        var now = DateTimeOffset.UtcNow.ToString("O", CultureInfo.InvariantCulture);
        return $$"""{"snapshot_id":"s1","as_of":"{{now}}","source":"test","prices":[{{prices}}],"fx":[{{rates}}]}""";
    }

    private static Task<Frontend> StartAsync(MarketSource source, Book book) => Frontend.StartAsync(
        book,
        ("MarketData:ReportingCurrency", "USD"),
        ("MarketData:Url", source.Url),
        ("MarketData:Interval", "00:00:00.02"),
        ("MarketData:Attempts", "2"));

    private static async Task<JsonNode> UntilAsync(Frontend frontend, string path, Func<JsonNode, bool> right)
    {
        return await Eventually.FindAsync($"{path} answers as it should", async () =>
        {
            JsonNode answer = await frontend.OkAsync(path);
            return right(answer) ? answer : null;
        });
    }

    private static Book Floor()
    {
        var book = new Book();
        book.Put("Rates", "P1", 1_000, currency: "EUR", security: "BUND");
        book.Put("Rates", "P2", 300, currency: "JPY", security: "JGB");
        return book;
    }
}
