using System.Diagnostics.Metrics;

namespace RiskMonitor.Alerting.Webhooks;

/// <summary>What attempts to deliver came to.</summary>
internal sealed class WebhookMetrics(IMeterFactory meters)
{
    private readonly Counter<long> _attempts =
        meters.Create("RiskMonitor").CreateCounter<long>("webhook_attempts_total", description: "Attempts to deliver a message to the webhook endpoint");

    /// <param name="outcome">delivered, refused (an answer outside 2xx), timeout, unreachable, gone or busy (no free slot).</param>
    public void Count(string outcome) => _attempts.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
