using Microsoft.AspNetCore.Authorization;
using RiskMonitor.McpFrontend.Http;

namespace RiskMonitor.McpFrontend.Access;

/// <summary>Which requests are answered without a known caller. A route is closed unless it has <see cref="IAllowAnonymous"/>.</summary>
internal static class RouteAccess
{
    /// <summary>The route allows anonymous callers, or there is no such path or method outside of the API and the MCP server.</summary>
    public static bool IsOpen(HttpContext context) => context.GetEndpoint() is RouteEndpoint route
        ? route.Metadata.GetMetadata<IAllowAnonymous>() is not null
        : !context.Request.Path.StartsWithSegments(RiskApi.Prefix) && !context.Request.Path.StartsWithSegments(FrontendServices.McpPath);

    /// <summary>The name of the route in the audit log where no use case was reached; null where there is no route.</summary>
    public static string? ToolOf(HttpContext context) => context.GetEndpoint() is RouteEndpoint route
        ? route.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? route.RoutePattern.RawText
        : null;
}
