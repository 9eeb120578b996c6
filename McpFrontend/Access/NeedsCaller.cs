using RiskMonitor.McpFrontend.Http;

namespace RiskMonitor.McpFrontend.Access;

/// <summary>
/// Which requests need a caller who is known, then the <see cref="UseCases.Access.Caller"/> feature of the request: all but those to routes that are marked with
/// <see cref="OpenToAll"/>. A route without a mark is not open.
/// </summary>
internal static class NeedsCaller
{
    public static bool IsOn(HttpContext context) => context.GetEndpoint() is RouteEndpoint route
        ? route.Metadata.GetMetadata<OpenToAll>() is null
        // No such path, or not with that method.
        : context.Request.Path.StartsWithSegments(RiskApi.Prefix) || context.Request.Path.StartsWithSegments(FrontendServices.McpPath);

    /// <summary>What the route is called in the audit log where no use case was reached; null where there is no route.</summary>
    public static string? ToolOf(HttpContext context) => context.GetEndpoint() is RouteEndpoint route
        ? route.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? route.RoutePattern.RawText
        : null;
}

/// <summary>Marks a route that answers everybody, and therefore names no desk, position or user.</summary>
public sealed class OpenToAll
{
    public static readonly OpenToAll Mark = new();
}
