namespace RiskMonitor.McpFrontend.Http;

/// <summary>
/// Routes of operators answer to their path as it is written and to no other spelling. Routing itself ignores case, escapes and a last slash, while a
/// balancer that closes <c>/metrics</c> to the world compares the exact path.
/// </summary>
internal sealed class ExactPathMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is RouteEndpoint route && route.Metadata.GetMetadata<ExactPath>() is not null && RawPath.Of(context) != route.RoutePattern.RawText)
        {
            context.SetEndpoint(null);
        }

        return next(context);
    }
}

/// <summary>Marks a route that <see cref="ExactPathMiddleware"/> keeps to its spelling.</summary>
internal sealed class ExactPath
{
    public static readonly ExactPath Marker = new();
}
