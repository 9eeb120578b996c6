using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using RiskMonitor.McpFrontend.Tests.World;
using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.McpFrontend.Tests.Access;

/// <summary>Two users of different rights ask the same questions: what one may not see is nowhere in what that one is answered, not even counted.</summary>
public sealed class TwoUsersTests : IAsyncLifetime
{
    private readonly Book _book = new();
    private Frontend _frontend = null!;

    /// <summary>Aggregates of Rates.</summary>
    private string _ann = "";

    /// <summary>Everything of FX, with the right to acknowledge.</summary>
    private string _bob = "";

    public async ValueTask InitializeAsync()
    {
        _book.Limit("house", 1_000);
        _book.Limit("limit-of-FX", 500, desk: "FX");
        _book.Limit("limit-of-Rates", 500, desk: "Rates");
        _book.Limit("limit-of-Unborn", 500, desk: "Unborn");
        _book.Put("Rates", "POS-R", 2_000, trader: "trader-r", security: "SEC-R");
        _book.Put("FX", "POS-F", 2_000, trader: "trader-f", security: "SEC-F");
        // A receiver that sends back what it got.
        _book.Exhaust(_book.AlertOf("Rates"), "400 your message: POS-R of trader-r");
        _book.Exhaust(_book.AlertOf("FX"), "400 your message: POS-F of trader-f");

        await _book.AckAsync(_book.AlertOf("Rates"), new AckRequest("boss", null, "trader-r must cut SEC-R", Disposition.Reducing, null, null));
        _frontend = await Frontend.StartAsync(_book);
        _ann = _frontend.Registry.Add("ann", Role.Viewer, Clearance.Desk, "Rates");
        _bob = _frontend.Registry.Add("bob", Role.RiskManager, Clearance.Trader, "FX");
    }

    public async ValueTask DisposeAsync() => await _frontend.DisposeAsync();

    public static TheoryData<string> Questions =>
    [
        "/api/v1/desks",
        "/api/v1/desks?order_by=utilisation",
        "/api/v1/desks?order_by=net_delta&page_size=1",
        "/api/v1/desks/{own}/exposure",
        "/api/v1/desks/exposure?desk={own}",
        "/api/v1/desks/exposure?desk={own}&as_of=2026-05-04T12:00:00Z",
        "/api/v1/exposure?group_by=desk",
        "/api/v1/exposure?group_by=currency",
        "/api/v1/exposure?group_by=desk,currency&threshold=1&page_size=1",
        "/api/v1/exposure?group_by=trader",
        "/api/v1/exposure?group_by=security&desk={own}",
        "/api/v1/exposure?group_by=trader,security",
        "/api/v1/positions",
        "/api/v1/positions?desk={own}",
        "/api/v1/positions?currency=USD&page_size=1",
        "/api/v1/alerts",
        "/api/v1/alerts?desk={own}",
        "/api/v1/alerts?include_transient=true&page_size=1",
        "/api/v1/alerts?severity=CRITICAL",
        "/api/v1/alerts?status=dead_letter",
        "/api/v1/alerts?breach_state=open",
        "/api/v1/alerts?request_id={other_request}",
        "/api/v1/alerts/{own_alert}",
        "/api/v1/limits",
        "/api/v1/limits?desk={own}",
        "/api/v1/limits?page_size=1",
        "/api/v1/limits/history",
        "/api/v1/limits/history?desk={own}",
        "/api/v1/limits/history?page_size=1",
        "/ready",
    ];

    [Theory]
    [MemberData(nameof(Questions))]
    public async Task Nothing_of_another_desk_is_in_any_answer(string question)
    {
        var (_, ann) = await _frontend.AsAsync(_ann, Of(question, "Rates", "FX"));
        var (_, bob) = await _frontend.AsAsync(_bob, Of(question, "FX", "Rates"));

        AssertHidden(ann, "FX", "POS-F", "trader-f", "SEC-F", "limit-of-FX", "Unborn", _book.AlertOf("FX").ToString("D"));
        AssertHidden(bob, "\"Rates", "POS-R", "SEC-R", "limit-of-Rates", "Unborn", _book.AlertOf("Rates").ToString("D"));
    }

    [Theory]
    [MemberData(nameof(Questions))]
    public async Task Nothing_below_the_desk_is_in_any_answer_to_the_clearance_for_aggregates(string question)
    {
        var (_, answer) = await _frontend.AsAsync(_ann, Of(question, "Rates", "FX"));

        AssertHidden(answer, "POS-R", "trader-r", "SEC-R", "must cut");
    }

    public static TheoryData<string, string> ToolCalls => new()
    {
        { "list_desks", "{}" },
        { "monitor_desk_exposure", """{"desk":"{own}"}""" },
        { "monitor_desk_exposure", """{"desk":"{other}"}""" },
        { "get_exposure", """{"group_by":"desk"}""" },
        { "get_exposure", """{"group_by":"trader","top":1}""" },
        { "get_exposure", """{"group_by":"security","trader_id":"trader-r"}""" },
        { "query_positions", "{}" },
        { "query_positions", """{"desk":"{own}"}""" },
        { "query_alerts", "{}" },
        { "query_alerts", """{"request_id":"{other_request}"}""" },
        { "get_alert", """{"alert_id":"{own_alert}"}""" },
        { "get_alert", """{"alert_id":"{other_alert}"}""" },
        { "get_limits", "{}" },
    };

    [Theory]
    [MemberData(nameof(ToolCalls))]
    public async Task The_same_holds_for_what_models_ask(string tool, string arguments)
    {
        var ann = await CallAsync(_ann, tool, Of(arguments, "Rates", "FX"));
        var bob = await CallAsync(_bob, tool, Of(arguments, "FX", "Rates"));

        // What was asked for may be said back.
        var (annAsked, bobAsked) = (Of(arguments, "Rates", "FX"), Of(arguments, "FX", "Rates"));
        AssertHidden(ann, NotIn(annAsked, "\"FX", "POS-F", "trader-f", "SEC-F", "limit-of-FX", "Unborn", "POS-R", "trader-r", "SEC-R", "must cut", _book.AlertOf("FX").ToString("D")));
        AssertHidden(bob, NotIn(bobAsked, "\"Rates", "POS-R", "SEC-R", "limit-of-Rates", "Unborn", _book.AlertOf("Rates").ToString("D")));
    }

    [Fact]
    public async Task Tools_that_a_clearance_may_not_call_are_not_listed_for_it()
    {
        await using var ann = await McpAsync(_ann);
        await using var bob = await McpAsync(_bob);

        Assert.DoesNotContain(await ann.ListToolsAsync(), tool => tool.Name == "query_positions");
        Assert.Contains(await bob.ListToolsAsync(), tool => tool.Name == "query_positions");
    }

    [Fact]
    public async Task A_model_without_credentials_is_refused_before_the_protocol_begins()
    {
        using var content = new StringContent("""{"jsonrpc":"2.0","id":1,"method":"tools/list"}""", System.Text.Encoding.UTF8, "application/json");
        using var response = await _frontend.Client.PostAsync("/mcp", content);

        Assert.Equal(401, (int)response.StatusCode);
        Assert.EndsWith("/.well-known/oauth-protected-resource/mcp\"", response.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task An_administrator_of_one_desk_changes_no_limit_of_another_and_hears_nothing_of_it()
    {
        var admin = _frontend.Registry.Add("adam", Role.Admin, Clearance.Trader, "Rates");
        foreach (var body in new[]
        {
            """{"version":0,"reason":"x","threshold":"1"}""",
            """{"version":1,"reason":"x","threshold":"1"}""",
            """{"version":1,"reason":"x","threshold":"1","scope_kind":"desk","scope_key":"Rates"}""",
            """{"version":1,"reason":"x","cure_ratio":9}""",
        })
        {
            foreach (var limit in new[] { "limit-of-FX", "house" })
            {
                using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/limits/{limit}") { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
                request.Headers.Add("X-Api-Key", admin);
                using var response = await _frontend.Client.SendAsync(request);

                Assert.Equal(403, (int)response.StatusCode);
                // As a figure: a request id may hold these digits.
                Assert.DoesNotMatch(@"\b500\b", await response.Content.ReadAsStringAsync());
            }
        }

        Assert.Equal(500m, _book.Limits.Single(limit => limit.LimitId == "limit-of-FX").Threshold);
    }

    [Fact]
    public async Task Totals_count_only_what_the_user_may_see()
    {
        foreach (var (path, total) in new[] { ("/api/v1/desks?page_size=1", 1), ("/api/v1/alerts?page_size=1", 1), ("/api/v1/limits?page_size=1", 2) })
        {
            foreach (var key in new[] { _ann, _bob })
            {
                Assert.Equal(total, (int)(await _frontend.AsAsync(key, path)).Json["total"]!);
            }
        }

        Assert.Equal(0, (int)(await _frontend.AsAsync(_ann, Of("/api/v1/alerts?request_id={other_request}", "Rates", "FX"))).Json["total"]!);
    }

    [Theory]
    [InlineData("/api/v1/desks/{0}/exposure")]
    [InlineData("/api/v1/desks/exposure?desk={0}")]
    [InlineData("/api/v1/alerts?desk={0}")]
    [InlineData("/api/v1/limits?desk={0}")]
    public async Task A_desk_of_others_is_answered_like_one_that_is_not_there(string path)
    {
        var (status, hidden) = await _frontend.AsAsync(_ann, string.Format(null, path, "FX"));
        var (_, unborn) = await _frontend.AsAsync(_ann, string.Format(null, path, "Unborn"));
        var (_, absent) = await _frontend.AsAsync(_ann, string.Format(null, path, "Gold"));

        Assert.Equal(404, status);
        Assert.Equal(Text(absent, "Gold"), Text(hidden, "FX"));
        Assert.Equal(Text(absent, "Gold"), Text(unborn, "Unborn"));
    }

    [Fact]
    public async Task An_alert_of_others_is_answered_like_one_that_is_not_there_whatever_is_tried_with_it()
    {
        var (hidden, absent) = (_book.AlertOf("Rates"), Guid.NewGuid());
        foreach (var (method, path) in new[] { (HttpMethod.Get, ""), (HttpMethod.Get, "/report"), (HttpMethod.Post, "/ack") })
        {
            using var ofHidden = await _frontend.SendAsync(method, $"/api/v1/alerts/{hidden:D}{path}", ("X-Api-Key", _bob));
            using var ofAbsent = await _frontend.SendAsync(method, $"/api/v1/alerts/{absent:D}{path}", ("X-Api-Key", _bob));

            Assert.Equal(404, (int)ofHidden.StatusCode);
            Assert.Equal(
                Text(JsonNode.Parse(await ofAbsent.Content.ReadAsStringAsync())!, absent.ToString("D")),
                Text(JsonNode.Parse(await ofHidden.Content.ReadAsStringAsync())!, hidden.ToString("D")));
        }
    }

    [Fact]
    public async Task What_a_role_may_not_do_is_refused_before_anything_is_looked_up()
    {
        using var ack = await _frontend.SendAsync(HttpMethod.Post, $"/api/v1/alerts/{_book.AlertOf("Rates"):D}/ack", ("X-Api-Key", _ann));
        using var replay = await _frontend.SendAsync(HttpMethod.Post, $"/api/v1/alerts/{_book.AlertOf("FX"):D}/replay", ("X-Api-Key", _bob));
        using var own = await _frontend.SendAsync(HttpMethod.Post, $"/api/v1/alerts/{_book.AlertOf("FX"):D}/ack", ("X-Api-Key", _bob));

        Assert.Equal((403, 403, 200), ((int)ack.StatusCode, (int)replay.StatusCode, (int)own.StatusCode));
        Assert.Equal("bob", (string?)(await _frontend.AsAsync(_bob, $"/api/v1/alerts/{_book.AlertOf("FX"):D}")).Json["alert"]!["acked_by"]);
    }

    [Fact]
    public async Task An_ack_that_somebody_else_repeats_stays_the_first_ones_and_both_are_audited()
    {
        var boss = _frontend.Registry.Add("boss", Role.RiskManager);
        var path = $"/api/v1/alerts/{_book.AlertOf("FX"):D}/ack";
        using var first = await _frontend.SendAsync(HttpMethod.Post, path, ("X-Api-Key", _bob));
        using var second = await _frontend.SendAsync(HttpMethod.Post, path, ("X-Api-Key", boss));
        var (accepted, repeated) = (JsonNode.Parse(await first.Content.ReadAsStringAsync())!, JsonNode.Parse(await second.Content.ReadAsStringAsync())!);

        Assert.Equal(("accepted", "bob"), ((string?)accepted["outcome"], (string?)accepted["acked_by"]));
        Assert.Equal(("repeated", "bob"), ((string?)repeated["outcome"], (string?)repeated["acked_by"]));
        Assert.Equal((string?)accepted["consumed_at"], (string?)repeated["consumed_at"]);
        Assert.Equal("bob", _book.Alert(_book.AlertOf("FX")).Acknowledgement!.By);
        await _frontend.StopAsync();
        Assert.Equal(["bob", "boss"], _frontend.Registry.Audit.Where(entry => entry is { Tool: "ack_alert", Outcome: not "begun" }).Select(entry => entry.User));
    }

    [Fact]
    public async Task A_cursor_of_one_user_is_none_of_anothers()
    {
        _book.Put("Rates", "POS-R2", 1, trader: "trader-r", security: "SEC-R");
        var boss = _frontend.Registry.Add("boss");
        var cursor = (string?)(await _frontend.AsAsync(boss, "/api/v1/alerts?page_size=1")).Json["next_cursor"];

        Assert.NotNull(cursor);
        Assert.Equal(400, (await _frontend.AsAsync(_ann, $"/api/v1/alerts?page_size=1&cursor={cursor}")).Status);
    }

    private string Of(string question, string own, string other) => question
        .Replace("{own}", own, StringComparison.Ordinal)
        .Replace("{other}", other, StringComparison.Ordinal)
        .Replace("{other_alert}", _book.AlertOf(other).ToString("D"), StringComparison.Ordinal)
        .Replace("{own_alert}", _book.AlertOf(own).ToString("D"), StringComparison.Ordinal)
        .Replace("{other_request}", _book.Alert(_book.AlertOf(other)).RequestId, StringComparison.Ordinal);

    private async Task<JsonNode> CallAsync(string key, string tool, string arguments)
    {
        await using var client = await McpAsync(key);
        try
        {
            return JsonSerializer.SerializeToNode(
                await client.CallToolAsync(tool, JsonSerializer.Deserialize<Dictionary<string, object?>>(arguments)!), McpJsonUtilities.DefaultOptions)!;
        }
        catch (McpException refused)
        {
            return refused.Message;
        }
    }

    private Task<McpClient> McpAsync(string key) => McpClient.CreateAsync(new HttpClientTransport(
        new HttpClientTransportOptions
        {
            Endpoint = new Uri(_frontend.Client.BaseAddress!, "/mcp"),
            AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {key}" },
        },
        _frontend.Client));

    private static string[] NotIn(string asked, params string[] secrets) => [.. secrets.Where(secret => !asked.Contains(secret.TrimStart('"'), StringComparison.Ordinal))];

    private static void AssertHidden(JsonNode answer, params string[] secrets)
    {
        var text = Shown.In(answer);
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
    }

    /// <summary>An error without what differs from request to request.</summary>
    private static string Text(JsonNode problem, string asked)
    {
        ((JsonObject)problem).Remove("request_id");
        return problem.ToJsonString().Replace(asked, "…", StringComparison.Ordinal);
    }
}
