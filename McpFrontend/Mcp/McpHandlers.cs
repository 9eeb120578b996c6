using ModelContextProtocol.Server;
using RiskMonitor.McpFrontend.Access;

namespace RiskMonitor.McpFrontend.Mcp;

/// <summary>What the server answers to one caller.</summary>
internal sealed class McpHandlers(ToolHandlers tools)
{
    public McpServerHandlers For(Caller caller) => new()
    {
        ListToolsHandler = (request, _) => ValueTask.FromResult(tools.List(caller, request)),
        CallToolHandler = (request, cancellationToken) => tools.CallAsync(caller, request, cancellationToken),
    };
}
