using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.AspNetCore;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the MCP endpoint.</summary>
public static class McpEndpointRouteBuilderExtensions
{
    public static IEndpointConventionBuilder MapMcp(this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern = "")
    {
        var handler = endpoints.ServiceProvider.GetService<StatelessMcpHandler>()
            ?? throw new InvalidOperationException("You must call WithHttpTransport(). Unable to find required services. Call builder.Services.AddMcpServer().WithHttpTransport() in application startup code.");
        if (!handler.Options.Stateless)
        {
            throw new NotSupportedException("The offline stand-in for ModelContextProtocol.AspNetCore is stateless only: leave HttpServerTransportOptions.Stateless true.");
        }

        var group = endpoints.MapGroup(pattern);
        group.MapPost("", handler.HandleAsync)
            .WithDisplayName(route => $"MCP Streamable HTTP | {route.DisplayName}")
            .WithMetadata(new AcceptsMetadata(["application/json"]));
        return group;
    }
}
