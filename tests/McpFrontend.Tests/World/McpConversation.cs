using System.IO.Pipelines;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RiskMonitor.McpFrontend.Mcp;
using RiskMonitor.UseCases.Access;

namespace RiskMonitor.McpFrontend.Tests.World;

/// <summary>A client and the server in one process, for a caller of any rights.</summary>
internal sealed class McpConversation : IAsyncDisposable
{
    private readonly McpServer _server;

    private McpConversation(McpServer server, McpClient client) => (_server, Client) = (server, client);

    public McpClient Client { get; }

    public static async Task<McpConversation> BeginAsync(Frontend frontend, Caller caller, string? revision = null)
    {
        var (toServer, toClient) = (new Pipe(), new Pipe());
        var options = frontend.Services.GetRequiredService<IOptionsFactory<McpServerOptions>>().Create("");
        frontend.Services.GetRequiredService<McpHandlers>().Serve(options, caller, forwarded: null);
        var server = McpServer.Create(
            new StreamServerTransport(toServer.Reader.AsStream(), toClient.Writer.AsStream()), options, NullLoggerFactory.Instance, frontend.Services);
        _ = server.RunAsync();
        var client = await McpClient.CreateAsync(
            new StreamClientTransport(toServer.Writer.AsStream(), toClient.Reader.AsStream()), new McpClientOptions { ProtocolVersion = revision });
        return new McpConversation(server, client);
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await _server.DisposeAsync();
    }
}
