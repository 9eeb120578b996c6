using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Prometheus;

/// <summary>The endpoint that Prometheus scrapes.</summary>
public static class MetricServerMiddlewareExtensions
{
    private const string TextFormat = "text/plain; version=0.0.4; charset=utf-8";

    public static IEndpointConventionBuilder MapMetrics(this IEndpointRouteBuilder endpoints, string pattern = "/metrics")
    {
        var export = Metrics.Export();
        return endpoints.Map(pattern, context => ScrapeAsync(context, export)).WithDisplayName("Prometheus metrics");
    }

    private static Task ScrapeAsync(HttpContext context, MeterExport export)
    {
        context.Response.ContentType = TextFormat;
        return context.Response.WriteAsync(export.Scrape(), context.RequestAborted);
    }
}
