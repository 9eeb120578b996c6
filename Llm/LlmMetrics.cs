using System.Diagnostics.Metrics;

namespace RiskMonitor.Llm;

/// <summary>What requests to the model came to, by what they were for.</summary>
internal static class LlmMetrics
{
    private static readonly Meter Meter = new("RiskMonitor");
    private static readonly Counter<long> Requests = Meter.CreateCounter<long>("llm_requests_total");
    private static readonly Histogram<double> Seconds = Meter.CreateHistogram<double>("llm_seconds", "s");

    /// <param name="outcome">ok, cancelled, or the name of an <see cref="LlmFailure"/>.</param>
    public static void Record(string purpose, string outcome, TimeSpan took)
    {
        Requests.Add(1, new("purpose", purpose), new KeyValuePair<string, object?>("outcome", outcome));
        Seconds.Record(took.TotalSeconds, new KeyValuePair<string, object?>("purpose", purpose));
    }
}
