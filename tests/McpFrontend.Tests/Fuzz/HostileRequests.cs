using System.Globalization;
using System.Text;

namespace RiskMonitor.McpFrontend.Tests.Fuzz;

/// <summary>Requests that somebody might send who means harm, or whose program is broken. The same seed makes the same requests.</summary>
internal sealed class HostileRequests(int seed)
{
    private static readonly string[] s_methods = ["GET", "GET", "GET", "HEAD", "POST", "POST", "POST", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "FOO"];

    private static readonly string[] s_paths =
    [
        "/mcp", "/mcp", "/mcp", "/mcp", "/api/v1/ask", "/api/v1/desks", "/api/v1/desks/Rates/exposure", "/api/v1/desks/{}/exposure", "/api/v1/desks/exposure?desk={}", "/api/v1/exposure?group_by={}",
        "/api/v1/exposure?group_by=desk&top={}", "/api/v1/positions?{}={}", "/api/v1/alerts?opened_from={}", "/api/v1/alerts?page_size={}", "/api/v1/alerts?cursor={}", "/api/v1/alerts/{}",
        "/api/v1/alerts/{}/ack", "/api/v1/alerts/00000000-0000-0000-0000-000000000000/ack", "/api/v1/alerts/{}/replay", "/api/v1/limits?desk={}", "/api/v1/limits/{}", "/health", "/ready", "/openapi/v1.json",
        "/.well-known/oauth-protected-resource", "/{}", "/api/v1/{}",
    ];

    private static readonly string[] s_texts =
    [
        "", " ", "Rates", "%", "%2F", "%252F", "%C0%AF", "%ED%A0%80", "..", "../../etc/passwd", "'; DROP TABLE alerts; --", "\u202E", "净敞口", "<script>", "${jndi:x}", "{0}", "%n%s", "2026-05-04T12:30:60Z",
        "2026-13-45", "0x10", "1e999", "-1", "99999999999999999999", "5.0", "NaN", "null", "true", "a&b=c", "a=b&a=b", "*", "+", "\\", "\"", "CON", "/proc/self/environ", "rmk_x",
    ];

    private static readonly string[] s_json =
    [
        "null", "true", "7", "-0", "1.0", "1.5", "1e1", "1e400", "99999999999999999999999", "\"\"", "\"x\"", "\"Rates\"", "\"\\ud800\"", "\"\\u0000\"", "\"\\u202e\"", "[]", "{}", "[[]]", "{\"a\":{}}",
        "{\"a\":1,\"a\":2}", "{\"\\ud800\":1}", "\"2.0\"", "\"tools/call\"", "\"list_desks\"", "\"ask_risk\"", "\"ref/prompt\"", "\"2026-07-28\"", "\"2025-11-25\"",
    ];

    private static readonly string[] s_mcpMethods =
    [
        "initialize", "ping", "tools/list", "tools/call", "prompts/list", "prompts/get", "resources/list", "resources/read", "resources/templates/list", "resources/subscribe", "completion/complete", "logging/setLevel",
        "server/discover", "notifications/initialized", "notifications/cancelled", "nothing/here", "",
    ];

    private static readonly string[] s_tools =
        ["list_desks", "monitor_desk_exposure", "get_exposure", "query_positions", "query_alerts", "get_alert", "get_limits", "ask_risk", "ack_alert", "nothing"];

    private static readonly string[] s_names =
    [
        "name", "arguments", "uri", "ref", "argument", "cursor", "level", "_meta", "protocolVersion", "capabilities", "clientInfo", "desk", "page_size", "question", "as_of", "group_by", "alert_id", "comment", "version",
        "reason", "threshold", "value", "type", "progressToken", "requestId", "id", "jsonrpc", "method", "params",
    ];

    private static readonly string[] s_headers =
    [
        "Accept: application/json", "Accept: text/event-stream", "Accept: */*", "Accept: text/html", "Accept: application/json;q=x", "Accept: application/json, text/event-stream",
        "Mcp-Session-Id: stale", "MCP-Protocol-Version: 2026-07-28", "MCP-Protocol-Version: 2025-03-26", "MCP-Protocol-Version: 2025-11-25", "MCP-Protocol-Version: banana", "Mcp-Method: tools/call", "Mcp-Name: list_desks", "Last-Event-ID: 7",
        "Content-Encoding: gzip", "Content-Encoding: identity", "Expect: 100-continue", "Origin: null", "Origin: https://evil.example", "X-Forwarded-For: 10.0.0.1", "Range: bytes=0-1", "If-None-Match: *", "Cookie: a=b",
        "Authorization: Bearer x", "Authorization: Bearer a.b.c", "Authorization: Basic eA==", "X-Api-Key: rmk_x", "X-HTTP-Method-Override: DELETE", "Upgrade: websocket", "Accept-Language: \u00ff",
    ];

    private static readonly string[] s_contentTypes =
    [
        "application/json", "application/json", "application/json", "application/json; charset=\"utf-8\"", "application/json; charset=utf8", "application/json; charset=bogus", "text/plain", "multipart/form-data; boundary=x",
        "application/json; charset", "x", "application/problem+json",
    ];

    private readonly Random _random = new(seed);

    /// <summary>The bytes of one request, whole or not.</summary>
    public byte[] Next()
    {
        var body = Body();
        var request = new StringBuilder();
        request.Append(Of(s_methods)).Append(' ').Append(Path()).Append(_random.Next(50) switch { 0 => " HTTP/1.0", 1 => " HTTP/9.9", 2 => "", _ => " HTTP/1.1" }).Append("\r\n");
        request.Append(_random.Next(60) switch { 0 => "", 1 => "Host: evil.example\r\n", 2 => "Host: a\r\nHost: b\r\n", _ => "Host: localhost\r\n" }).Append("Connection: close\r\n");
        for (var i = _random.Next(4); i > 0; i--)
        {
            request.Append(Of(s_headers)).Append("\r\n");
        }

        if (_random.Next(10) > 0)
        {
            request.Append("Content-Type: ").Append(Of(s_contentTypes)).Append("\r\n");
        }

        var framing = _random.Next(40) switch
        {
            0 => "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
            1 => string.Create(CultureInfo.InvariantCulture, $"Transfer-Encoding: chunked\r\nContent-Length: {body.Length}\r\n\r\n"),
            2 => "Transfer-Encoding: gzip\r\n\r\n",
            3 => "Content-Length: x\r\n\r\n",
            < 8 => string.Create(CultureInfo.InvariantCulture, $"Transfer-Encoding: chunked\r\n\r\n{body.Length:x}\r\n"),
            _ => string.Create(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n\r\n"),
        };
        var isChunked = framing.StartsWith("Transfer-Encoding: chunked\r\n\r\n", StringComparison.Ordinal);
        return [.. Encoding.Latin1.GetBytes(request.Append(framing).ToString()), .. body, .. isChunked ? "\r\n0\r\n\r\n"u8 : ""u8];
    }

    private string Path()
    {
        var path = Of(s_paths);
        while (path.IndexOf("{}", StringComparison.Ordinal) is >= 0 and var hole)
        {
            var text = Of(s_texts);
            path = $"{path[..hole]}{(_random.Next(3) == 0 && text.All(each => each is > ' ' and < '\u007f') ? text : Uri.EscapeDataString(text))}{path[(hole + 2)..]}";
        }

        return path;
    }

    private byte[] Body()
    {
        var text = Encoding.UTF8.GetBytes(_random.Next(8) switch
        {
            0 => Value(0),
            1 => $"{{{Fields(0)}}}",
            2 => $"[{Message()},{Value(0)}]",
            _ => Message(),
        });
        return _random.Next(25) switch
        {
            0 => [],
            1 => text[.._random.Next(text.Length)],
            2 => [0xEF, 0xBB, 0xBF, .. text],
            3 => [.. text, (byte)_random.Next(256)],
            4 => Flipped(text),
            5 => Encoding.UTF8.GetBytes(new string('[', 5_000)),
            6 => Encoding.UTF8.GetBytes($"{{\"question\": \"{new string('x', 70_000)}\"}}"),
            _ => text,
        };
    }

    private byte[] Flipped(byte[] text)
    {
        text[_random.Next(text.Length)] = (byte)_random.Next(256);
        return text;
    }

    private string Message()
    {
        var method = Of(s_mcpMethods);
        var parameters = _random.Next(4) switch
        {
            0 => Value(0),
            1 => $"{{{Fields(0)}}}",
            _ when method == "tools/call" => $"{{\"name\": \"{Of(s_tools)}\", \"arguments\": {{{Fields(0)}}}}}",
            _ when method == "initialize" => $"{{\"protocolVersion\": {Value(1)}, \"capabilities\": {Value(1)}, \"clientInfo\": {{\"name\": {Value(1)}, \"version\": {Value(1)}}}}}",
            _ => $"{{\"name\": {Value(1)}, \"uri\": \"risk://desks/{Of(s_texts).Replace("\\", "", StringComparison.Ordinal).Replace("\"", "", StringComparison.Ordinal)}/limits\", \"ref\": {Value(1)}, \"argument\": {{\"name\": \"desk\", \"value\": {Value(1)}}}, {Fields(1)}}}",
        };
        return $"{{\"jsonrpc\": {(_random.Next(10) == 0 ? Value(1) : "\"2.0\"")}, {(_random.Next(6) == 0 ? "" : $"\"id\": {(_random.Next(2) == 0 ? "1" : Value(1))}, ")}\"method\": \"{method}\", \"params\": {parameters}}}";
    }

    private string Fields(int depth) => string.Join(", ", Enumerable.Range(0, 1 + _random.Next(4)).Select(_ => $"\"{Of(s_names)}\": {Value(depth)}"));

    private string Value(int depth) => depth > 3 || _random.Next(4) > 0 ? Of(s_json) : _random.Next(2) == 0 ? $"{{{Fields(depth + 1)}}}" : $"[{Value(depth + 1)}, {Value(depth + 1)}]";

    private T Of<T>(IReadOnlyList<T> choices) => choices[_random.Next(choices.Count)];
}
