namespace RiskMonitor.McpFrontend.Access;

/// <summary>Marks a route that answers only callers who are known; they are the <see cref="Caller"/> feature of the request.</summary>
internal sealed class NeedsCaller
{
    public static readonly NeedsCaller Mark = new();

    public static bool IsOn(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<NeedsCaller>() is not null;

    /// <summary>What the route is called in the audit log where no use case was reached.</summary>
    public static string ToolOf(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "";
}
