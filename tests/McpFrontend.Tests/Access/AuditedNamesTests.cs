using System.Text;
using RiskMonitor.McpFrontend.Tests.World;
using RiskMonitor.Risk.Access;

namespace RiskMonitor.McpFrontend.Tests.Access;

/// <summary>Whatever names something costs its user a call and leaves an audit entry, also where there is nothing of that name.</summary>
public sealed class AuditedNamesTests
{
    [Theory]
    [InlineData("tools/call", """{"name":"no\u001b[2J\r\ntool","arguments":{"desk":"Rates"}}""", "unknown_name", "tools/call \"no\\u001b[2J\\u000d\\u000atool\"", null)]
    [InlineData("resources/read", """{"uri":"file:///etc/pass\u202ewd"}""", "unknown_name", "resources/read \"file:///etc/pass\\u202ewd\"", null)]
    [InlineData("resources/read", """{"uri":"risk://desks/Gold/exposure"}""", "monitor_desk_exposure", "resources/read", "Gold")]
    [InlineData("resources/read", """{"uri":"risk://desks/Gold/limits"}""", "get_limits", "resources/read", "Gold")]
    [InlineData("prompts/get", """{"name":"evening \"brief\""}""", "unknown_name", "prompts/get \"evening \\\"brief\\\"\"", null)]
    [InlineData("completion/complete", """{"ref":{"type":"ref/prompt","name":"other"},"argument":{"name":"desk","value":"R"}}""", "unknown_name", "completion/complete \"other\"", null)]
    [InlineData("completion/complete", """{"ref":{"type":"ref/prompt","name":"morning_risk_brief"},"argument":{"name":"colour","value":"R"}}""", "complete_name", "colour", null)]
    [InlineData("resources/subscribe", """{"uri":"risk://desks"}""", "mcp_protocol", "resources/subscribe", null)]
    [InlineData("tools/list", "{}", "mcp_protocol", "tools/list", null)]
    [InlineData("prompts/list", "{}", "mcp_protocol", "prompts/list", null)]
    [InlineData("resources/templates/list", "{}", "mcp_protocol", "resources/templates/list", null)]
    [InlineData("ping", "{}", "mcp_protocol", "ping", null)]
    [InlineData("no/such\\u0007method", "{}", "mcp_protocol", "\"no/such\\u0007method\"", null)]
    public async Task Every_message_leaves_an_entry_with_what_it_named(string method, string parameters, string tool, string arguments, string? desk)
    {
        await using var frontend = await Frontend.StartAsync(new Book());
        var ann = frontend.Registry.Add("ann");

        await SendAsync(frontend, ann, method, parameters);
        await frontend.StopAsync();

        var entry = Assert.Single(frontend.Registry.Audit);
        Assert.Equal(("ann", "mcp", tool, arguments, desk), (entry.User, entry.Channel, entry.Tool, entry.Arguments, entry.Desk));
    }

    public static TheoryData<string, string?, string?, string, string> Refused => new()
    {
        // Body, Accept, revision, the entry's arguments and outcome.
        { "no JSON", null, null, "no method", "invalid_input" },
        { "[]", null, null, "no method", "invalid_input" },
        { """{"jsonrpc":"2.0","id":1}""", null, null, "no method", "invalid_input" },
        { """{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}""", null, null, "ping", "invalid_input" },
        { """{"jsonrpc":"2.0","id":1,"method":"tools/call"}""", null, null, "tools/call", "invalid_input" },
        { """{"jsonrpc":"2.0","id":1,"method":"ping"}""", "text/html", null, "no method", "invalid_input" },
        { """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list_desks"}}""", null, "2026-07-28", "tools/call", "invalid_input" },
        { """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list_desks"}}""", null, "2099-01-01", "tools/call", "invalid_input" },
        { """{"jsonrpc":"2.0","id":1,"result":{}}""", null, null, "no method", "ok" },
        { """{"jsonrpc":"2.0","id":1,"error":{}}""", null, null, "no method", "invalid_input" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_is_refused_before_it_is_carried_out_leaves_an_entry_and_costs_a_call(string body, string? accept, string? revision, string arguments, string outcome)
    {
        await using var frontend = await Frontend.StartAsync(new Book(), ("RateLimit:PerUser:Calls", "1"), ("RateLimit:PerUser:Per", "01:00:00"), ("RateLimit:PerUser:Burst", "1"));
        var ann = frontend.Registry.Add("ann");

        await PostAsync(frontend, ann, body, accept, revision);
        var after = await frontend.AsAsync(ann, "/api/v1/limits");
        await frontend.StopAsync();

        Assert.Equal(429, after.Status);
        var entry = frontend.Registry.Audit[0];
        Assert.Equal(("ann", "mcp", "mcp_protocol", arguments, outcome), (entry.User, entry.Channel, entry.Tool, entry.Arguments, entry.Outcome));
    }

    [Fact]
    public async Task Who_sends_unreadable_messages_too_often_is_told_so()
    {
        await using var frontend = await Frontend.StartAsync(new Book(), ("RateLimit:Tools:mcp_protocol:Calls", "1"), ("RateLimit:Tools:mcp_protocol:Per", "01:00:00"), ("RateLimit:Tools:mcp_protocol:Burst", "1"));
        var ann = frontend.Registry.Add("ann");

        Assert.Equal(400, await PostAsync(frontend, ann, "no JSON", null, null));
        Assert.Equal(429, await PostAsync(frontend, ann, "no JSON", null, null));
        Assert.Equal(429, await PostAsync(frontend, ann, """{"jsonrpc":"2.0","id":1,"method":"ping"}""", "text/html", null));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    public async Task Methods_that_only_other_revisions_have_are_traffic_of_the_protocol(string method)
    {
        await using var frontend = await Frontend.StartAsync(new Book());
        var ann = frontend.Registry.Add("ann");

        using var response = await frontend.SendAsync(new HttpMethod(method), "/mcp", ("Authorization", $"Bearer {ann}"));
        await frontend.StopAsync();

        Assert.Equal(405, (int)response.StatusCode);
        var entry = Assert.Single(frontend.Registry.Audit);
        Assert.Equal(("ann", "mcp", "mcp_protocol", $"{method} \"/mcp\""), (entry.User, entry.Channel, entry.Tool, entry.Arguments));
    }

    [Fact]
    public async Task A_name_of_any_length_leaves_a_short_entry()
    {
        await using var frontend = await Frontend.StartAsync(new Book());
        var ann = frontend.Registry.Add("ann");

        await SendAsync(frontend, ann, "tools/call", $$"""{"name":"{{new string('x', 50_000)}}"}""");
        await SendAsync(frontend, ann, new string('m', 50_000), "{}");
        await frontend.StopAsync();

        Assert.Equal(["unknown_name", "mcp_protocol"], frontend.Registry.Audit.Select(entry => entry.Tool));
        Assert.All(frontend.Registry.Audit, entry => Assert.InRange(entry.Arguments.Length, 1, 200));
    }

    [Theory]
    [InlineData("ping", "{}")]
    [InlineData("tools/list", "{}")]
    [InlineData("no/such/method", "{}")]
    [InlineData("resources/read", """{"uri":"file:///x"}""")]
    [InlineData("resources/read", """{"uri":"risk://desks/x/exposure"}""")]
    [InlineData("tools/call", """{"name":"x"}""")]
    public async Task Every_message_counts_in_the_rate_of_its_user(string method, string parameters)
    {
        await using var frontend = await Frontend.StartAsync(new Book(), ("RateLimit:PerUser:Calls", "1"), ("RateLimit:PerUser:Per", "01:00:00"), ("RateLimit:PerUser:Burst", "2"));
        var (ann, bob) = (frontend.Registry.Add("ann"), frontend.Registry.Add("bob"));

        var answers = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            answers.Add(await SendAsync(frontend, ann, method, parameters));
        }

        Assert.DoesNotContain("rate_limited", answers[0] + answers[1], StringComparison.Ordinal);
        Assert.Contains("rate_limited", answers[2], StringComparison.Ordinal);
        Assert.DoesNotContain("rate_limited", await SendAsync(frontend, bob, method, parameters), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flood_of_invented_names_is_held_up_and_leaves_few_entries()
    {
        await using var frontend = await Frontend.StartAsync(
            new Book(),
            ("RateLimit:Tools:unknown_name:Calls", "1"),
            ("RateLimit:Tools:unknown_name:Per", "01:00:00"),
            ("RateLimit:Tools:unknown_name:Burst", "5"),
            ("Audit:WriteInterval", "00:00:10"));
        var ann = frontend.Registry.Add("ann");

        await Task.WhenAll(Enumerable.Range(0, 300).Select(i => SendAsync(frontend, ann, "resources/read", $$"""{"uri":"risk://invented/{{i}}"}""")));
        await frontend.StopAsync();

        var audit = frontend.Registry.Audit;
        Assert.Equal(300, audit.Sum(entry => entry.Calls));
        Assert.Equal(5, audit.Count(entry => entry.Outcome == "not_found"));
        Assert.InRange(audit.Count(entry => entry.Outcome == "rate_limited"), 1, 3);
    }

    [Theory]
    [InlineData("GET", "/api/v1/nonsense", 404, "GET \"/api/v1/nonsense\"")]
    [InlineData("DELETE", "/api/v1/desks", 405, "DELETE \"/api/v1/desks\"")]
    public async Task A_path_that_is_not_there_is_told_to_those_who_are_known_and_remembered(string method, string path, int status, string arguments)
    {
        await using var frontend = await Frontend.StartAsync(new Book());
        var ann = frontend.Registry.Add("ann");

        using var known = await frontend.SendAsync(new HttpMethod(method), path, ("X-Api-Key", ann));
        using var unknown = await frontend.SendAsync(new HttpMethod(method), path);
        await frontend.StopAsync();

        Assert.Equal((status, 401), ((int)known.StatusCode, (int)unknown.StatusCode));
        Assert.Equal([("ann", "unknown_name", arguments), (null, "unknown_name", "")], frontend.Registry.Audit.Select(entry => (entry.User, entry.Tool, entry.Arguments)));
    }

    [Fact]
    public async Task Calls_that_were_begun_keep_an_entry_each_whatever_became_of_them()
    {
        var book = new Book();
        book.Limit("house", 1_000);
        Guid[] alerts = [.. new[] { "Rates", "FX", "Credit" }.Select(desk =>
        {
            book.Put(desk, $"P {desk}", 2_000);
            book.Deliver(book.AlertOf(desk));
            return book.AlertOf(desk);
        })];
        await using var frontend = await Frontend.StartAsync(book, ("Audit:WriteInterval", "00:00:10"));

        foreach (var alert in alerts)
        {
            // The alert is found and acknowledged, and then something else fails.
            var steps = 0;
            book.Before = () => ++steps > 2 ? throw new IOException("disk") : Task.CompletedTask;
            Assert.Equal(503, (await frontend.AckAsync(alert, null)).Status);
        }

        await frontend.StopAsync();
        Assert.All(alerts, alert => Assert.NotNull(book.Alert(alert).Acknowledgement));
        var audit = frontend.Registry.Audit;
        Assert.Equal(["begun", "unavailable", "begun", "unavailable", "begun", "unavailable"], audit.Select(entry => entry.Outcome));
        Assert.All(audit.Chunk(2), pair => Assert.Equal(pair[0].RequestId, pair[1].RequestId));
    }

    [Fact]
    public async Task What_cannot_be_audited_is_not_done()
    {
        var book = new Book();
        book.Limit("house", 1_000);
        book.Put("Rates", "P1", 2_000);
        book.Deliver(book.AlertOf("Rates"));
        await using var frontend = await Frontend.StartAsync(book);
        frontend.Registry.BeforeWriting = () => throw new IOException("disk full");

        var (ack, problem) = await frontend.AckAsync(book.AlertOf("Rates"), null);
        var (put, _) = await frontend.PutAsync("/api/v1/limits/house", """{"version":1,"reason":"x","threshold":"5"}""");

        Assert.Equal((503, 503, "unavailable"), (ack, put, (string?)problem["code"]));
        Assert.Null(book.Alert(book.AlertOf("Rates")).Acknowledgement);
        Assert.Equal(1_000, book.Limits.Single().Threshold);
        // Questions are still answered.
        Assert.Equal(200, (await frontend.GetAsync("/api/v1/desks")).Status);
        frontend.Registry.BeforeWriting = () => Task.CompletedTask;
        Assert.Equal(200, (await frontend.AckAsync(book.AlertOf("Rates"), null)).Status);
    }

    [Fact]
    public async Task The_entry_of_a_change_is_there_before_its_answer()
    {
        var book = new Book();
        book.Limit("house", 1_000);
        book.Put("Rates", "P1", 2_000);
        book.Deliver(book.AlertOf("Rates"));
        await using var frontend = await Frontend.StartAsync(book, ("Audit:WriteInterval", "00:01:00"));

        Assert.Equal(200, (await frontend.AckAsync(book.AlertOf("Rates"), null)).Status);

        Assert.Equal([("ack_alert", AuditEntry.Begun), ("ack_alert", "ok")], frontend.Registry.Audit.Select(entry => (entry.Tool, entry.Outcome)));
    }

    private static async Task<string> SendAsync(Frontend frontend, string key, string method, string parameters)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp")
        {
            Content = new StringContent($$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{{parameters}}}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Accept", "application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", "2025-11-25");
        request.Headers.Add("X-Api-Key", key);
        using var response = await frontend.Client.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }

    private static async Task<int> PostAsync(Frontend frontend, string key, string body, string? accept, string? revision)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Authorization", $"Bearer {key}");
        request.Headers.Add("Accept", accept ?? "application/json");
        if (revision is not null)
        {
            request.Headers.Add("MCP-Protocol-Version", revision);
        }

        using var response = await frontend.Client.SendAsync(request);
        return (int)response.StatusCode;
    }
}
