using System.ComponentModel;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace RiskMonitor.Conformance.Host.Fixtures;

/// <summary>Tools through which the suite sees what a server does on its own: capabilities, logging, streams (SEP-2575).</summary>
[McpServerToolType]
internal sealed class DiagnosticTools
{
    [McpServerTool(Name = "test_missing_capability")]
    [Description("Works only for a client that can sample.")]
    public static string NeedsSampling(McpServer server) => server.ClientCapabilities?.Sampling is not null
        ? "The client can sample."
        : throw new MissingRequiredClientCapabilityException(new ClientCapabilities { Sampling = new() }, "This tool needs a client with the capability 'sampling'.");

    [McpServerTool(Name = "test_streaming_elicitation")]
    [Description("Asks the user whether to go on.")]
    public static CallToolResult AskOnStream(RequestContext<CallToolRequestParams> request) =>
        Input.Elicited(request.Params, "go_on") is { } answer
            ? Input.Text($"The user answered {answer.Action}.")
            : throw Input.Required(("go_on", Input.Ask("Shall it go on?", "ok", Input.Flag)));

    [McpServerTool(Name = "test_logging_tool")]
    [Description("Writes to the client's log, which gets it only if it asked for logs.")]
    public static string Log(McpServer server)
    {
        server.AsClientLoggerProvider().CreateLogger("test_logging_tool").LogInformation("The tool ran");
        return "The tool ran.";
    }
}
