using System.Diagnostics.Metrics;

namespace RiskMonitor.McpFrontend.PagerDuty;

/// <summary>What became of the events that PagerDuty sent.</summary>
internal sealed class PagerDutyMetrics(IMeterFactory meters)
{
    private readonly Counter<long> _events = meters.Create("RiskMonitor").CreateCounter<long>("pager_events_total", description: "Events that PagerDuty sent");

    /// <param name="outcome">accepted, repeated, ignored, refused (not signed by PagerDuty) or failed (PagerDuty sends it again).</param>
    public void Count(string outcome) => _events.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
