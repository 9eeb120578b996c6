using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using RiskMonitor.McpFrontend.Tests.World;
using RiskMonitor.UseCases.Inputs;

namespace RiskMonitor.McpFrontend.Tests.Http;

/// <summary>Requests in all the shapes that HTTP and JSON allow, and in some that they do not.</summary>
public sealed class RequestShapeTests
{
    [Theory]
    [InlineData("/health")]
    [InlineData("/ready")]
    [InlineData("/metrics")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/api/v1/desks")]
    [InlineData("/api/v1/alerts")]
    [InlineData("/api/v1/nothing")]
    [InlineData("/.well-known/oauth-protected-resource")]
    public async Task HEAD_is_answered_as_GET_without_the_body(string path)
    {
        await using var frontend = await Frontend.StartAsync(new Book());
        using var get = await frontend.Client.GetAsync(path);

        using var head = await frontend.SendAsync(HttpMethod.Head, path);

        Assert.Equal((get.StatusCode, get.Content.Headers.ContentType), (head.StatusCode, head.Content.Headers.ContentType));
        Assert.True(head.Content.Headers.ContentLength > 0);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("OPTIONS", "/api/v1/desks", "GET, HEAD")]
    [InlineData("POST", "/health", "GET, HEAD")]
    [InlineData("PATCH", "/api/v1/limits/x", "PUT")]
    [InlineData("TRACE", "/api/v1/desks", "GET, HEAD")]
    public async Task Another_method_is_told_which_there_are(string method, string path, string allowed)
    {
        await using var frontend = await Frontend.StartAsync(new Book());

        using var response = await frontend.SendAsync(new HttpMethod(method), path);

        Assert.Equal((HttpStatusCode.MethodNotAllowed, allowed), (response.StatusCode, string.Join(", ", response.Content.Headers.Allow)));
        Assert.Equal(405, (int)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["status"]!);
    }

    [Theory]
    [InlineData("xn--")]
    [InlineData("xn--a-ecp.ru.xn--")]
    [InlineData("XN--99999999999999")]
    public async Task A_host_name_that_cannot_be_read_is_refused(string host)
    {
        await using var frontend = await Frontend.StartAsync(new Book());

        var answer = await RawClient.AskAsync(frontend, $"GET /health HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");

        Assert.Matches("^HTTP/1.1 40[03] ", answer);
        Assert.Contains("\"request_id\":", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/openapi/v2.json")]
    [InlineData("/openapi/.json")]
    [InlineData("/")]
    [InlineData("/nothing")]
    [InlineData("/api")]
    [InlineData("/mcp/x")]
    [InlineData("/api/v1/desks/a/b/c")]
    public async Task A_path_that_there_is_not_is_a_problem(string path)
    {
        await using var frontend = await Frontend.StartAsync(new Book());

        var (status, problem) = await frontend.GetAsync(path);

        Assert.Equal((404, "not_found"), (status, (string?)problem["code"]));
    }

    [Theory]
    [InlineData("2026-05-04T12:30:00.123456789Z", "2026-05-04T12:30:00.1234567+00:00")]
    [InlineData("2026-05-04t12:30:00z", "2026-05-04T12:30:00.0000000+00:00")]
    [InlineData("2026-05-04 12:30:00Z", "2026-05-04T12:30:00.0000000+00:00")]
    [InlineData("2026-05-04T12:30:00.5+05:30", "2026-05-04T07:00:00.5000000+00:00")]
    [InlineData("2026-05-04T12:30:00-23:59", "2026-05-05T12:29:00.0000000+00:00")]
    [InlineData("2026-05-04T12:30:00-00:00", "2026-05-04T12:30:00.0000000+00:00")]
    [InlineData("2016-12-31T23:59:60Z", "2016-12-31T23:59:59.9999999+00:00")]
    [InlineData("2016-12-31T15:59:60.5-08:00", "2016-12-31T23:59:59.9999999+00:00")]
    public void Times_are_read_as_RFC_3339_writes_them(string text, string instant) => Assert.Equal(instant, Rfc3339Time.Read(text)?.ToString("o"));

    [Theory]
    [InlineData("2026-05-04T12:30:00")]
    [InlineData("2026-05-04T12:30Z")]
    [InlineData("2026-05-04T24:00:00Z")]
    [InlineData("2026-02-30T12:30:00Z")]
    [InlineData("0000-01-01T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00+01:00")]
    [InlineData("9999-12-31T23:59:59-01:00")]
    [InlineData("2026-05-04T12:30:60Z")]
    [InlineData("2026-05-04T23:59:60Z")]
    [InlineData("2016-12-31T23:59:61Z")]
    [InlineData("2026-05-04T12:30:00+24:00")]
    [InlineData("2026-05-04T12:30:00.Z")]
    [InlineData("２０２６-05-04T12:30:00Z")]
    [InlineData("2026-05-04T12:30:00Z\n")]
    public void What_is_no_instant_is_none(string text) => Assert.Null(Rfc3339Time.Read(text));

    [Theory]
    [InlineData("/api/v1/alerts?opened_from=2026-05-04T12:30:00.123456789Z", 200)]
    [InlineData("/api/v1/alerts?page_size=5.0", 200)]
    [InlineData("/api/v1/alerts?page_size=1e1", 200)]
    [InlineData("/api/v1/alerts?page_size=5.5", 400)]
    [InlineData("/api/v1/alerts?page_size=1e99", 400)]
    [InlineData("/api/v1/alerts?page_size=%D9%A5", 400)]
    [InlineData("/api/v1/desks/a%2Fb/exposure", 404)]
    [InlineData("/api/v1/desks/%252F/exposure", 404)]
    [InlineData("/api/v1/desks/%C0%AF/exposure", 404)]
    [InlineData("/api/v1/desks/%ED%A0%80/exposure", 404)]
    [InlineData("/api/v1/desks?%ED%A0%80=1", 400)]
    [InlineData("/api/v1/desks?page_size=1&page_size=2", 400)]
    public async Task Paths_and_parameters_are_read_strictly_and_answered(string path, int expected)
    {
        await using var frontend = await Frontend.StartAsync(new Book());

        using var response = await frontend.Client.GetAsync(new Uri(frontend.Client.BaseAddress + path[1..], new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));

        Assert.Equal(expected, (int)response.StatusCode);
        Assert.NotNull(JsonNode.Parse(await response.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task A_thousand_unknown_parameters_are_refused_in_a_few_words()
    {
        await using var frontend = await Frontend.StartAsync(new Book());

        using var response = await frontend.Client.GetAsync("/api/v1/alerts?" + string.Join('&', Enumerable.Range(0, 1000).Select(i => $"a{i}=1")));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.InRange((await response.Content.ReadAsStringAsync()).Length, 1, 20_000);
    }

    [Theory]
    [InlineData("", "application/json", 404)]
    [InlineData("\uFEFF", "application/json", 404)]
    [InlineData("\uFEFF{\"comment\": \"seen\"}", "application/json", 404)]
    [InlineData("{\"comment\": \"seen\"}", "application/json; charset=\"utf-8\"", 404)]
    [InlineData("{\"comment\": \"seen\"}", "", 404)]
    [InlineData("{\"comment\": \"seen\"}", "application/json; charset=bogus", 415)]
    [InlineData("{\"comment\": \"seen\"}", "application/x-www-form-urlencoded", 415)]
    [InlineData("{\"comment\": \"seen\"} trailing", "application/json", 400)]
    [InlineData("{\"comment\": \"a\", \"comment\": \"b\"}", "application/json", 400)]
    [InlineData("{\"\\ud800\": \"a\"}", "application/json", 400)]
    [InlineData("{\"comment\": \"\\ud800\"}", "application/json", 400)]
    [InlineData("{\"comment\": [[[[[[[[1]]]]]]]]}", "application/json", 400)]
    [InlineData("[]", "application/json", 400)]
    [InlineData("/* c */ {}", "application/json", 400)]
    public async Task A_body_is_read_by_the_rules_of_JSON_and_by_nothing_else(string body, string contentType, int expected)
    {
        await using var frontend = await Frontend.StartAsync(new Book());

        var (status, problem) = await PostAsync(frontend, $"/api/v1/alerts/{Guid.NewGuid():D}/ack", Encoding.UTF8.GetBytes(body), contentType);

        Assert.Equal((expected, expected), (status, (int)problem["status"]!));
        Assert.DoesNotMatch("System|Json[A-Z]|isFinalBlock|BytePosition", problem.ToJsonString());
    }

    [Fact]
    public async Task Bytes_that_are_no_UTF8_are_refused_by_name()
    {
        await using var frontend = await Frontend.StartAsync(new Book());

        var (status, problem) = await PostAsync(frontend, "/api/v1/ask", [.. "{\"question\": \""u8, 0xC3, .. "\"}"u8]);

        Assert.Equal(400, status);
        Assert.Contains("UTF-8", (string?)problem["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_compressed_body_is_refused_and_told_what_is_read()
    {
        await using var frontend = await Frontend.StartAsync(new Book());

        var (status, problem) = await PostAsync(frontend, "/api/v1/ask", [0x1F, 0x8B, 8, 0], encoding: "gzip");

        Assert.Equal(415, status);
        Assert.Contains("Content-Encoding", (string?)problem["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_is_too_long_is_refused_before_it_is_read()
    {
        await using var frontend = await Frontend.StartAsync(new Book());

        var (status, problem) = await PostAsync(frontend, "/api/v1/ask", new byte[70_000]);

        Assert.Equal((413, "invalid_input"), (status, (string?)problem["code"]));
    }

    [Theory]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n", 400)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n-1\r\n", 400)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n2\r\n{}XX0\r\n\r\n", 400)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 404)]
    [InlineData("Content-Length: 2\r\nExpect: 100-continue\r\n\r\n{}", 404)]
    [InlineData("Content-Length: 0\r\n\r\n", 404)]
    public async Task A_body_that_is_not_framed_as_HTTP_asks_is_the_senders_mistake(string rest, int expected)
    {
        await using var frontend = await Frontend.StartAsync(new Book());

        var answer = await RawClient.AskAsync(
            frontend, $"POST /api/v1/alerts/{Guid.NewGuid():D}/ack HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/json\r\n{rest}");

        Assert.Contains($"HTTP/1.1 {expected} ", answer, StringComparison.Ordinal);
        Assert.Contains("\"request_id\":", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET /health HTTP/1.0\r\n\r\n")]
    [InlineData("GET http://127.0.0.1/health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nExpect: 200-maybe\r\n\r\n")]
    public async Task Old_and_odd_forms_of_a_request_are_answered(string request)
    {
        await using var frontend = await Frontend.StartAsync(new Book());

        var answer = await RawClient.AskAsync(frontend, request);

        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"status\":\"ok\"", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/HEALTH")]
    [InlineData("/health/")]
    [InlineData("/%68ealth")]
    [InlineData("http://127.0.0.1/HEALTH")]
    [InlineData("http://127.0.0.1/%68ealth?/health")]
    public async Task Another_spelling_of_an_operators_path_is_another_path(string target)
    {
        await using var frontend = await Frontend.StartAsync(new Book());

        var answer = await RawClient.AskAsync(frontend, $"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 404 ", answer, StringComparison.Ordinal);
    }

    private static async Task<(int Status, JsonNode Json)> PostAsync(Frontend frontend, string path, byte[] body, string contentType = "application/json", string? encoding = null)
    {
        using var content = new ByteArrayContent(body);
        if (contentType.Length > 0)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        if (encoding is not null)
        {
            content.Headers.ContentEncoding.Add(encoding);
        }

        using var response = await frontend.Client.PostAsync(path, content);
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }
}
