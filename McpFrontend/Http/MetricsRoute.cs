using Prometheus;
using RiskMonitor.McpFrontend.Metrics;

namespace RiskMonitor.McpFrontend.Http;

/// <summary><c>/metrics</c> in Prometheus' text format.</summary>
internal static class MetricsRoute
{
    /// <summary>Also begins to listen to the instruments, so it is called before anything is measured.</summary>
    public static void MapRiskMetrics(this IEndpointRouteBuilder routes)
    {
        var export = routes.ServiceProvider.GetRequiredService<MetricsExport>();
        routes.MapMetrics(server =>
        {
            server.Registry = export.Registry;
            server.EnableOpenMetrics = false;
        }).AllowAnonymous().WithMetadata(ExactPath.Marker);
    }
}
