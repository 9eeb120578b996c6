using System.Diagnostics.Metrics;

namespace RiskMonitor.Grains.Feeds;

/// <summary>What feeds tell of themselves.</summary>
internal static class FeedMetrics
{
    private static readonly Meter Meter = new("RiskMonitor");

    /// <summary>Operator notices, by event code.</summary>
    public static readonly Counter<long> Notices = Meter.CreateCounter<long>("operator_notices_total");
}
