using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using RiskMonitor.McpFrontend.Tests.World;

namespace RiskMonitor.McpFrontend.Tests.Mcp;

/// <summary>Clients as they are: each sends something else than the SDK expects.</summary>
public sealed class LenientClientTests
{
    private const string Both = "application/json, text/event-stream";
    private const string ListDesks = """{"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": {"name": "list_desks", "arguments": {}}}""";

    [Theory]
    [InlineData("2024-11-05", "2024-11-05")]
    [InlineData("2025-11-25", "2025-11-25")]
    [InlineData("2026-07-28", "2025-11-25")]
    [InlineData("2031-01-01", "2025-11-25")]
    [InlineData("1.0", "2025-11-25")]
    [InlineData("", "2025-11-25")]
    public async Task A_handshake_for_any_revision_is_answered_with_one_that_has_handshakes(string asked, string answered)
    {
        await using var frontend = await Frontend.StartAsync(new Book());

        foreach (var header in new[] { null, asked, "2026-07-28" })
        {
            var (status, json) = await PostAsync(frontend, Initialize($$$"""{"protocolVersion": "{{{asked}}}", "capabilities": {}, "clientInfo": {"name": "c", "version": "1"}}"""), version: header);

            Assert.Equal((200, answered), (status, (string?)json!["result"]?["protocolVersion"]));
        }
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"protocolVersion": "2025-11-25", "capabilities": {}}""")]
    [InlineData("""{"protocolVersion": "2025-11-25", "clientInfo": {"name": "c", "version": "1"}}""")]
    [InlineData("""{"capabilities": {}, "clientInfo": {"name": "c", "version": "1"}}""")]
    [InlineData("""{"protocolVersion": 1, "capabilities": {}, "clientInfo": {"name": "c", "version": "1"}}""")]
    [InlineData("""{"protocolVersion": "2025-11-25", "capabilities": null, "clientInfo": {"name": "c", "version": "1"}}""")]
    [InlineData("""{"protocolVersion": "2025-11-25", "capabilities": {"roots": 7}, "clientInfo": {"name": "c", "version": "1"}}""")]
    [InlineData("""{"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "c"}}""")]
    [InlineData("""{"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": null, "version": null}}""")]
    [InlineData("""{"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "\ud800", "version": "1"}}""")]
    [InlineData("""{"protocolVersion": "\ud800", "capabilities": {}, "clientInfo": {"name": "c", "version": "1"}}""")]
    [InlineData("""{"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "c", "version": "1"}, "_meta": 7}""")]
    public async Task A_handshake_that_says_too_little_is_told_what_is_missing(string parameters)
    {
        await using var frontend = await Frontend.StartAsync(new Book());

        var (_, json) = await PostAsync(frontend, Initialize(parameters));

        Assert.True((int)json!["error"]!["code"]! is -32602 or -32600, json.ToJsonString());
        Assert.Matches("protocolVersion|clientInfo|params|Unicode", (string?)json["error"]!["message"]);
    }

    [Theory]
    [InlineData("tools/call", "{}")]
    [InlineData("tools/call", """{"name": null}""")]
    [InlineData("tools/call", """{"name": "list_desks", "_meta": {"progressToken": {}}}""")]
    [InlineData("resources/read", "null")]
    [InlineData("prompts/get", """{"name": 1}""")]
    [InlineData("completion/complete", """{"ref": {"type": "ref/prompt", "name": "morning_risk_brief"}, "argument": null}""")]
    [InlineData("completion/complete", """{"ref": {}, "argument": {"name": "desk", "value": "R"}}""")]
    [InlineData("tools/list", "[]")]
    [InlineData("tools/list", """{"cursor": 7}""")]
    public async Task Params_that_do_not_fit_are_invalid_params(string method, string parameters)
    {
        await using var frontend = await Frontend.StartAsync(new Book());

        var (_, json) = await PostAsync(frontend, $$"""{"jsonrpc": "2.0", "id": 1, "method": "{{method}}", "params": {{parameters}}}""");

        Assert.Equal(-32602, (int)json!["error"]!["code"]!);
    }

    [Fact]
    public async Task A_method_that_is_not_known_is_not_found()
    {
        await using var frontend = await Frontend.StartAsync(new Book());

        var (_, json) = await PostAsync(frontend, """{"jsonrpc": "2.0", "id": "a", "method": "nothing/here"}""");

        Assert.Equal((-32601, "a"), ((int)json!["error"]!["code"]!, (string?)json["id"]));
    }

    [Theory]
    [InlineData("application/json; charset=\"utf-8\"", 200)]
    [InlineData("application/json; charset=UTF-8", 200)]
    [InlineData("application/json;charset=utf8", 200)]
    [InlineData("text/json", 200)]
    [InlineData(null, 200)]
    [InlineData("application/json; charset=bogus", 415)]
    [InlineData("application/json; charset=utf-16", 415)]
    [InlineData("text/plain", 415)]
    [InlineData("nonsense", 415)]
    public async Task A_content_type_that_means_JSON_in_UTF8_is_taken_and_others_are_refused(string? contentType, int expected)
    {
        await using var frontend = await Frontend.StartAsync(new Book());

        var (status, json) = await PostAsync(frontend, ListDesks, contentType: contentType ?? "");

        Assert.Equal(expected, status);
        Assert.NotNull(json);
    }

    [Theory]
    [InlineData(null, "application/json")]
    [InlineData("*/*", "application/json")]
    [InlineData("application/json", "application/json")]
    [InlineData("application/*", "application/json")]
    [InlineData("text/event-stream", "text/event-stream")]
    [InlineData(Both, "text/event-stream")]
    [InlineData("application/json;q=0.5, text/event-stream", "text/event-stream")]
    [InlineData("application/json, text/event-stream;q=0.5", "application/json")]
    [InlineData("application/json, text/event-stream;q=0", "application/json")]
    [InlineData("*/*, application/json;q=0", "text/event-stream")]
    [InlineData("text/html, */*;q=0.1", "application/json")]
    [InlineData("a b c", "application/json")]
    public async Task An_answer_has_the_form_that_is_accepted(string? accept, string form)
    {
        await using var frontend = await Frontend.StartAsync(new Book());

        using var response = await SendAsync(frontend, ListDesks, accept);

        Assert.Equal((HttpStatusCode.OK, form), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        var json = Read(await response.Content.ReadAsStringAsync());
        Assert.Equal(7, (int)json!["id"]!);
        Assert.NotNull(json["result"]!["structuredContent"]!["desks"]);
    }

    [Fact]
    public async Task Who_accepts_neither_form_is_told_which_there_are()
    {
        await using var frontend = await Frontend.StartAsync(new Book());

        var (status, json) = await PostAsync(frontend, ListDesks, accept: "text/html");

        Assert.Equal(406, status);
        Assert.Contains("text/event-stream", (string?)json!["error"]!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_of_a_server_before_this_one_is_ignored()
    {
        await using var frontend = await Frontend.StartAsync(new Book());

        var (status, json) = await PostAsync(frontend, ListDesks, headers: ("Mcp-Session-Id", "stale"));

        Assert.Equal(200, status);
        Assert.NotNull(json!["result"]);
    }

    [Theory]
    [InlineData(null, Both)]
    [InlineData("2025-03-26", "application/json")]
    public async Task A_batch_is_answered_message_by_message_where_the_revision_has_batches(string? version, string accept)
    {
        await using var frontend = await Frontend.StartAsync(new Book());
        var batch = $$"""[{{ListDesks}}, {"jsonrpc": "2.0", "method": "notifications/initialized"}, 7, {"jsonrpc": "2.0", "id": "x", "method": "nothing"}]""";

        var (status, json) = await PostAsync(frontend, batch, version: version, accept: accept);

        Assert.Equal(200, status);
        var answers = json!.AsArray();
        Assert.Equal(["7", null, "x"], answers.Select(answer => answer!["id"]?.ToString()));
        Assert.NotNull(answers[0]!["result"]);
        Assert.Equal([-32600, -32601], answers.Skip(1).Select(answer => (int)answer!["error"]!["code"]!));
    }

    [Fact]
    public async Task A_batch_of_notifications_asks_for_no_answer()
    {
        await using var frontend = await Frontend.StartAsync(new Book());

        var (status, json) = await PostAsync(frontend, """[{"jsonrpc": "2.0", "method": "notifications/initialized"}]""");

        Assert.Equal((202, null), (status, json));
    }

    [Theory]
    [InlineData("[]", null)]
    [InlineData("many", null)]
    [InlineData("one", "2025-06-18")]
    [InlineData("one", "2026-07-28")]
    public async Task A_batch_that_cannot_be_answered_is_refused_in_plain_words(string batch, string? version)
    {
        await using var frontend = await Frontend.StartAsync(new Book());
        var body = batch switch
        {
            "many" => $"[{string.Join(',', Enumerable.Repeat(ListDesks, 51))}]",
            "one" => $"[{ListDesks}]",
            _ => batch,
        };

        var (status, json) = await PostAsync(frontend, body, version: version);

        Assert.Equal((400, -32600), (status, (int)json!["error"]!["code"]!));
        Assert.Matches("batch", (string?)json["error"]!["message"]);
    }

    [Theory]
    [InlineData("1.0", 1)]
    [InlineData("1e1", 10)]
    [InlineData("-0", 0)]
    [InlineData("9223372036854775807", 9223372036854775807)]
    public async Task An_id_that_is_whole_is_whole_however_it_is_written(string id, long expected)
    {
        await using var frontend = await Frontend.StartAsync(new Book());

        var (_, json) = await PostAsync(frontend, $$$"""{"jsonrpc": "2.0", "id": {{{id}}}, "method": "tools/call", "params": {"name": "list_desks", "arguments": {"page_size": 5.0}, "_meta": {"progressToken": 1.0} } }""");

        Assert.Equal(expected, (long)json!["id"]!);
        Assert.Null(json["result"]!["isError"]);
    }

    [Theory]
    [InlineData("""{"jsonrpc": "2.0", "id": null, "method": "ping"}""")]
    [InlineData("""{"jsonrpc": "2.0", "id": 1.5, "method": "ping"}""")]
    [InlineData("""{"jsonrpc": "2.0", "id": 1e30, "method": "ping"}""")]
    [InlineData("""{"jsonrpc": "2.0", "id": {}, "method": "ping"}""")]
    [InlineData("""{"jsonrpc": "2.0", "id": "\ud800", "method": "ping"}""")]
    [InlineData("""{"jsonrpc": "1.0", "id": 1, "method": "ping"}""")]
    [InlineData("""{"id": 1, "method": "ping"}""")]
    [InlineData("""{"jsonrpc": "2.0", "id": 1}""")]
    [InlineData("""{"jsonrpc": "2.0", "id": 1, "method": 7}""")]
    [InlineData("""{"jsonrpc": "2.0", "id": 1, "method": "\ud800"}""")]
    [InlineData("""{"jsonrpc": "2.0", "id": 1, "id": 2, "method": "ping"}""")]
    [InlineData("""{"jsonrpc": "2.0", "id": 1, "error": 7}""")]
    public async Task What_is_no_request_is_refused_in_plain_words(string body)
    {
        await using var frontend = await Frontend.StartAsync(new Book());

        var (_, json) = await PostAsync(frontend, body);

        Assert.Equal(-32600, (int)json!["error"]!["code"]!);
        Assert.DoesNotMatch("System|Json[A-Z]|Path:|BytePosition", json.ToJsonString());
    }

    [Theory]
    [InlineData("{} {}")]
    [InlineData("{\"jsonrpc\": ")]
    [InlineData("")]
    [InlineData("\u0000")]
    public async Task What_is_no_JSON_is_a_parse_error_that_says_where(string body)
    {
        await using var frontend = await Frontend.StartAsync(new Book());

        var (status, json) = await PostAsync(frontend, body);

        Assert.Equal((400, -32700), (status, (int)json!["error"]!["code"]!));
        Assert.Matches(@"line \d|empty", (string?)json["error"]!["message"]);
    }

    [Fact]
    public async Task A_byte_order_mark_before_a_message_is_ignored()
    {
        await using var frontend = await Frontend.StartAsync(new Book());

        var (status, json) = await PostAsync(frontend, "\uFEFF" + ListDesks);

        Assert.Equal(200, status);
        Assert.NotNull(json!["result"]);
    }

    [Fact]
    public async Task A_compressed_message_is_refused_and_told_what_is_read()
    {
        await using var frontend = await Frontend.StartAsync(new Book());

        using var response = await SendAsync(frontend, ListDesks, Both, headers: ("Content-Encoding", "gzip"));

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Equal("identity", response.Headers.GetValues("Accept-Encoding").Single());
        Assert.Contains("Content-Encoding", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    public async Task Another_method_is_told_which_there_is(string method)
    {
        await using var frontend = await Frontend.StartAsync(new Book());

        using var response = await frontend.SendAsync(new HttpMethod(method), "/mcp", ("Accept", "text/event-stream"));

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["POST"], response.Content.Headers.Allow);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
    }

    private static string Initialize(string parameters) => $$"""{"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {{parameters}}}""";

    private static async Task<(int Status, JsonNode? Json)> PostAsync(
        Frontend frontend, string body, string? version = null, string accept = Both, string contentType = "application/json", params (string Name, string Value)[] headers)
    {
        using var response = await SendAsync(frontend, body, accept, contentType, version is null ? headers : [("MCP-Protocol-Version", version), .. headers]);
        return ((int)response.StatusCode, Read(await response.Content.ReadAsStringAsync()));
    }

    private static async Task<HttpResponseMessage> SendAsync(Frontend frontend, string body, string? accept, string contentType = "application/json", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp") { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        if (contentType.Length > 0)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        foreach (var (name, value) in headers)
        {
            HttpHeaders target = name.StartsWith("Content-", StringComparison.Ordinal) ? request.Content.Headers : request.Headers;
            target.TryAddWithoutValidation(name, value);
        }

        return await frontend.Client.SendAsync(request);
    }

    private static JsonNode? Read(string text)
    {
        var json = text.Split('\n').LastOrDefault(line => line.StartsWith("data:", StringComparison.Ordinal))?[5..] ?? text;
        return json.Length == 0 ? null : JsonNode.Parse(json);
    }
}
