using RiskMonitor.Alerting;
using RiskMonitor.Host.CommandLine;
using RiskMonitor.Host.Infrastructure;
using RiskMonitor.McpFrontend;
using RiskMonitor.WebConsole;

namespace RiskMonitor.Host.Roles;

/// <summary>What a frontend has: MCP, the HTTP API and the console over the use cases. It answers for the feed of the infrastructure.</summary>
internal static class FrontendRole
{
    /// <param name="keys">The directory that keeps the keys of the console's cookies; null: the database.</param>
    public static void Add(WebApplicationBuilder builder, IInfrastructure infrastructure, string? keys)
    {
        builder.Configuration.AddInMemoryCollection([new("Frontend:Feed", infrastructure.FeedName)]);
        builder.Services.AddAlertLinks(builder.Configuration);
        builder.Services.AddEndpointRules();
        builder.Services.AddSealedEndpoints(builder.Configuration);
        // First, because the keys of its cookies are read before anything protects by them.
        builder.Services.AddRiskConsole(
            keys, isHttps: builder.Configuration["Access:PublicUrl"]?.StartsWith("https://", StringComparison.OrdinalIgnoreCase) == true);
        builder.Services.AddRiskFrontend(builder.Configuration);
        infrastructure.AddLiveUpdates(builder);
    }

    /// <exception cref="UsageException">Other machines could ask, and there is no user to know them by.</exception>
    public static void DemandUsers(ServerSocket server, bool isLocalAdmin)
    {
        if (isLocalAdmin && !server.IsLoopback)
        {
            throw new UsageException(
                $"Listen is {server.EndPoint}, which others than this machine can reach, and there are no users: add one (./run users add --help), "
                + "configure users or tokens (Access:Users, Access:Jwt), or listen on 127.0.0.1",
                UsageException.NotPossible);
        }
    }
}
