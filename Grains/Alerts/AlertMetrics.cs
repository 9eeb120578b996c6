using System.Diagnostics.Metrics;
using RiskMonitor.Grains.Feeds;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Limits;

namespace RiskMonitor.Grains.Alerts;

/// <summary>What alerts tell of themselves. No desk and no alert id is a label.</summary>
internal static class AlertMetrics
{
    private static readonly Meter Meter = new("RiskMonitor");
    private static readonly Counter<long> Opened = Meter.CreateCounter<long>("alerts_opened_total");
    private static readonly Counter<long> DeadLetters = Meter.CreateCounter<long>("alert_dead_letters");

    public static readonly Histogram<double> Analysis = Meter.CreateHistogram<double>("alert_analysis_seconds", "s");

    /// <summary>Seconds of one attempt.</summary>
    public static readonly Histogram<double> Delivery = Meter.CreateHistogram<double>("alert_delivery_seconds", "s");

    /// <summary>Seconds from the source's commit to the first 2xx.</summary>
    public static readonly Histogram<double> CommitToDelivered = Meter.CreateHistogram<double>("alert_commit_to_delivered_seconds", "s");

    public static void Count(AlertStep step)
    {
        foreach (var happened in step.Events)
        {
            switch (happened.Kind)
            {
                case "opened":
                    Opened.Add(1, new KeyValuePair<string, object?>("severity", step.Alert.Episode.Severity.Name()));
                    break;
                case "dead_letter":
                    DeadLetters.Add(1);
                    FeedMetrics.Notices.Add(1, new KeyValuePair<string, object?>("event", "alert_dead_letter"));
                    break;
            }
        }
    }
}
