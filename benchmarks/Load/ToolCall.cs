using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RiskMonitor.Benchmarks.Load;

/// <summary>The request by which a client calls a tool over MCP (revision 2026-07-28), for those that ask very often and need nothing else of a client.</summary>
internal static class ToolCall
{
    private const string Revision = "2026-07-28";

    private static readonly MediaTypeHeaderValue s_json = new("application/json");

    /// <param name="body">Of the same tool.</param>
    public static HttpRequestMessage Request(Uri address, string tool, byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = s_json;
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        request.Headers.TryAddWithoutValidation("MCP-Protocol-Version", Revision);
        request.Headers.TryAddWithoutValidation("Mcp-Method", "tools/call");
        request.Headers.TryAddWithoutValidation("Mcp-Name", tool);
        return request;
    }

    public static byte[] Body(string client, string tool, JsonObject arguments) => JsonSerializer.SerializeToUtf8Bytes(new JsonObject
    {
        ["jsonrpc"] = "2.0",
        ["id"] = 1,
        ["method"] = "tools/call",
        ["params"] = new JsonObject
        {
            ["name"] = tool,
            ["arguments"] = arguments,
            ["_meta"] = new JsonObject
            {
                ["io.modelcontextprotocol/protocolVersion"] = Revision,
                ["io.modelcontextprotocol/clientInfo"] = new JsonObject { ["name"] = client, ["version"] = "1" },
                ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject(),
            },
        },
    });
}
