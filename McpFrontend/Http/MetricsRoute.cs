using Prometheus;
using RiskMonitor.McpFrontend.Access;

namespace RiskMonitor.McpFrontend.Http;

/// <summary><c>/metrics</c> in Prometheus' text format.</summary>
internal static class MetricsRoute
{
    /// <summary>From a desk that answers in memory to a webhook that times out, in seconds.</summary>
    private static readonly double[] Seconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

    /// <summary>Writes that share a commit, and other counts.</summary>
    private static readonly double[] Counts = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];

    public static void MapRiskMetrics(this IEndpointRouteBuilder routes)
    {
        Metrics.ConfigureMeterAdapter(adapter =>
        {
            // A counter that is quiet for a while must not begin at zero again; a day is the most that the exporter allows.
            adapter.MetricsExpireAfter = TimeSpan.FromDays(1);
            adapter.ResolveHistogramBuckets = instrument => instrument.Unit == "s" ? Seconds : Counts;
        });
        routes.MapMetrics().WithMetadata(OpenToAll.Mark);
    }
}
