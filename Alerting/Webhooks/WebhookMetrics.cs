using System.Diagnostics.Metrics;

namespace RiskMonitor.Alerting.Webhooks;

/// <summary>What the sender tells of itself.</summary>
internal static class WebhookMetrics
{
    private static readonly Meter Meter = new("RiskMonitor");
    private static readonly Counter<long> Attempts = Meter.CreateCounter<long>("webhook_attempts_total");

    /// <param name="outcome">delivered, refused (an answer outside 2xx), timeout, unreachable or gone.</param>
    public static void Count(string outcome) => Attempts.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
