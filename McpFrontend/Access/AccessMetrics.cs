using System.Diagnostics.Metrics;

namespace RiskMonitor.McpFrontend.Access;

/// <summary>What becomes of those who want to come in.</summary>
internal static class AccessMetrics
{
    private static readonly Meter Meter = new("RiskMonitor");
    private static readonly Counter<long> Failures = Meter.CreateCounter<long>("authentication_failures_total");
    private static readonly Counter<long> Fetches = Meter.CreateCounter<long>("signing_key_fetches_total");

    /// <param name="reason">One of a few words, never what was presented.</param>
    public static void Failed(string reason) => Failures.Add(1, new KeyValuePair<string, object?>("reason", reason));

    /// <param name="outcome">ok, failed, or timeout; of one attempt.</param>
    public static void Fetched(string outcome) => Fetches.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
