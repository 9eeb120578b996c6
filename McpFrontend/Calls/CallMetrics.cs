using System.Diagnostics.Metrics;

namespace RiskMonitor.McpFrontend.Calls;

/// <summary>What the frontend tells of itself, by use case.</summary>
internal static class CallMetrics
{
    private static readonly Meter Meter = new("RiskMonitor");
    private static readonly Counter<long> Requests = Meter.CreateCounter<long>("requests_total");
    private static readonly Histogram<double> Seconds = Meter.CreateHistogram<double>("request_seconds", "s");
    private static readonly Counter<long> Limited = Meter.CreateCounter<long>("rate_limited_total");
    private static readonly UpDownCounter<long> InFlight = Meter.CreateUpDownCounter<long>("calls_in_flight");
    private static readonly Counter<long> Dropped = Meter.CreateCounter<long>("audit_dropped_total");

    /// <param name="outcome">ok, cancelled, or an error code.</param>
    public static void Record(string tool, string outcome, TimeSpan took)
    {
        Requests.Add(1, new("tool", tool), new KeyValuePair<string, object?>("outcome", outcome));
        Seconds.Record(took.TotalSeconds, new KeyValuePair<string, object?>("tool", tool));
    }

    public static void RateLimited(string tool) => Limited.Add(1, new KeyValuePair<string, object?>("tool", tool));

    public static void Began() => InFlight.Add(1);

    public static void Ended() => InFlight.Add(-1);

    public static void AuditDropped() => Dropped.Add(1);
}
