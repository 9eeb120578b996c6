using System.Data.Common;
using System.Net;
using System.Text.Json.Nodes;
using Orleans.Runtime;
using RiskMonitor.McpFrontend.Tests.World;
using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.McpFrontend.Tests.Http;

public sealed class OperationsTests
{
    [Fact]
    public async Task The_process_is_healthy_without_asking_anybody()
    {
        var book = new Book { Before = () => throw new IOException("nobody answers") };
        await using var frontend = await Frontend.StartAsync(book);

        var health = await frontend.OkAsync("/health");

        Assert.Equal("ok", (string?)health["status"]);
        Assert.Matches(@"^\d+\.\d+\.\d+$", (string?)health["version"]);
    }

    [Fact]
    public async Task A_stale_feed_is_told_and_takes_nobody_out_of_service()
    {
        var book = new Book { FeedStatus = new FeedStatus(FeedState.Stale, null, null, ["silent"]) };
        await using var frontend = await Frontend.StartAsync(book);

        var ready = await frontend.OkAsync("/ready");

        Assert.Equal("ready", (string?)ready["status"]);
        Assert.Equal("stale", (string?)ready["feed"]!["state"]);
    }

    /// <summary>All frontends ask the one grain of the feed, so they would all go at once, and nobody could acknowledge.</summary>
    [Fact]
    public async Task The_silo_of_the_feed_may_die_without_taking_the_frontends_out_of_service()
    {
        var (asked, never) = (new TaskCompletionSource(), new TaskCompletionSource());
        var book = new Book
        {
            BeforeStatus = () =>
            {
                asked.TrySetResult();
                return never.Task;
            },
        };
        var time = new FakeTimeProvider();
        await using var frontend = await Frontend.StartAsync(book, new Registry(), time, ("Frontend:ReadyTimeout", "00:00:03"));

        var answer = frontend.GetAsync("/ready");
        await asked.Task;
        time.Advance(TimeSpan.FromSeconds(3));
        var (status, ready) = await answer;

        Assert.Equal((200, "ready", "ok"), (status, (string?)ready["status"], (string?)ready["silo"]));
        Assert.Null(ready["feed"]);
    }

    [Fact]
    public async Task A_part_that_does_not_answer_takes_the_frontend_out_of_service()
    {
        var never = new TaskCompletionSource();
        var book = new Book { Before = () => never.Task };
        await using var frontend = await Frontend.StartAsync(book, ("Frontend:ReadyTimeout", "00:00:00.100"));

        var (status, ready) = await frontend.GetAsync("/ready");

        Assert.Equal((503, "not_ready", "unavailable"), (status, (string?)ready["status"], (string?)ready["silo"]));
    }

    [Fact]
    public async Task A_call_that_takes_too_long_answers_timeout_and_may_be_repeated()
    {
        var never = new TaskCompletionSource();
        var book = new Book { Before = () => never.Task };
        await using var frontend = await Frontend.StartAsync(book, ("Frontend:CallTimeout", "00:00:00.100"));

        var (status, problem) = await frontend.GetAsync("/api/v1/alerts");

        Assert.Equal((504, "timeout", true), (status, (string?)problem["code"], (bool)problem["retryable"]!));
        Assert.True((int)problem["retry_after_ms"]! > 0);
    }

    public static TheoryData<Exception, int, string> Failures => new()
    {
        { new OrleansException("no silo"), 503, "unavailable" },
        { new DatabaseIsGone(), 503, "unavailable" },
        { new TimeoutException("slow"), 504, "timeout" },
        { new InvalidOperationException("a bug with secrets in it"), 500, "internal" },
    };

    [Theory]
    [MemberData(nameof(Failures), DisableDiscoveryEnumeration = true)]
    public async Task A_failure_behind_the_frontend_answers_its_code_and_not_its_inside(Exception failure, int status, string code)
    {
        var book = new Book { Before = () => throw failure };
        await using var frontend = await Frontend.StartAsync(book);

        using var response = await frontend.Client.GetAsync("/api/v1/desks");
        var problem = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal((status, code), ((int)response.StatusCode, (string?)problem["code"]));
        Assert.Equal(response.Headers.GetValues("x-request-id").Single(), (string?)problem["request_id"]);
        Assert.DoesNotContain(failure.Message, problem.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_tell_requests_by_use_case_and_outcome()
    {
        await using var frontend = await Frontend.StartAsync(new Book());
        await frontend.OkAsync("/api/v1/limits");
        await frontend.GetAsync("/api/v1/limits?nonsense=1");

        var metrics = await frontend.Client.GetStringAsync("/metrics");

        Assert.Matches("""riskmonitor_requests\w*\{(?=[^}]*tool="get_limits")(?=[^}]*outcome="ok")""", metrics);
        Assert.Matches("""riskmonitor_requests\w*\{(?=[^}]*tool="get_limits")(?=[^}]*outcome="invalid_input")""", metrics);
        Assert.Matches("riskmonitor_request_seconds", metrics);
    }

    [Fact]
    public async Task The_document_lists_every_route_with_its_parameters_and_money_as_text()
    {
        await using var frontend = await Frontend.StartAsync(new Book());

        var document = await frontend.OkAsync("/openapi/v1.json");

        var paths = document["paths"]!.AsObject();
        Assert.Superset(
            new HashSet<string>
            {
                "/api/v1/desks", "/api/v1/desks/{desk}/exposure", "/api/v1/desks/exposure", "/api/v1/alerts",
                "/api/v1/alerts/{alert_id}", "/api/v1/alerts/{alert_id}/ack", "/api/v1/alerts/{alert_id}/replay", "/api/v1/limits",
            },
            paths.Select(path => path.Key).ToHashSet());
        Assert.Contains("breach_state", paths["/api/v1/alerts"]!["get"]!["parameters"]!.AsArray().Select(parameter => (string?)parameter!["name"]));
        Assert.Contains(@"^-?\\d\u002B\\.\\d{4}$", document.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("next_cursor", document.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/api/v1/nothing", 404, "not_found")]
    [InlineData("DELETE", "/api/v1/alerts", 405, "invalid_input")]
    public async Task What_routing_refuses_is_refused_in_the_same_form(string method, string path, int status, string code)
    {
        await using var frontend = await Frontend.StartAsync(new Book());

        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await frontend.Client.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(code, (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["code"]);
    }

    [Theory]
    [InlineData("Host", "rebound.example.com")]
    [InlineData("Origin", "https://evil.example.com")]
    [InlineData("Origin", "null")]
    public async Task A_browser_steered_by_a_foreign_page_is_not_let_in(string header, string value)
    {
        await using var frontend = await Frontend.StartAsync(new Book());

        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/limits");
        request.Headers.TryAddWithoutValidation(header, value);
        using var response = await frontend.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task A_page_of_this_machine_is_let_in()
    {
        await using var frontend = await Frontend.StartAsync(new Book());

        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/limits");
        request.Headers.TryAddWithoutValidation("Origin", "http://localhost:3000");
        using var response = await frontend.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private sealed class DatabaseIsGone() : DbException("disk I/O error on /secret/path");
}
