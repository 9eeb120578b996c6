using System.Text.Json;
using System.Text.Json.Nodes;

namespace RiskMonitor.Conformance.Tests;

/// <summary>The public inspector, <c>@modelcontextprotocol/inspector</c>, as a client; it holds results against the schemas that the server gave.</summary>
internal static class Inspector
{
    private const string Program = "mcp-inspector";

    /// <summary>Speaks revision 2026-07-28.</summary>
    internal const string Modern = "modern";

    /// <summary>Speaks the revisions that begin with <c>initialize</c>.</summary>
    internal const string Legacy = "legacy";

    /// <returns>The result of the method, which the inspector found nothing wrong with.</returns>
    internal static async Task<JsonObject> AskAsync(string mcp, string era, string method, params string[] arguments)
    {
        var run = await NodeProgram.RunAsync(
            Program, ["--cli", mcp, "--transport", "http", "--protocol-era", era, "--method", method, .. arguments, "--format", "json"]);
        Assert.True(run.ExitCode == 0, $"{method} {string.Join(' ', arguments)}: {run.Everything}");
        return JsonNode.Parse(run.Output)!["result"]!.AsObject();
    }

    internal static Task<JsonObject> CallAsync(string mcp, string tool, JsonObject arguments) =>
        AskAsync(mcp, Modern, "tools/call", "--tool-name", tool, "--tool-args-json", arguments.ToJsonString(JsonSerializerOptions.Default));

    /// <summary>Lists the tools and complains of schemas that clients stumble over.</summary>
    internal static Task<JsonObject> ToolsAsync(string mcp, string era) => AskAsync(mcp, era, "tools/list", "--strict");
}
