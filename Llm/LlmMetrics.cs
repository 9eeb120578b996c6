using System.Diagnostics.Metrics;

namespace RiskMonitor.Llm;

/// <summary>What requests to the model came to, by what they were for.</summary>
public sealed class LlmMetrics
{
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _seconds;

    public LlmMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("RiskMonitor");
        _requests = meter.CreateCounter<long>("llm_requests_total", description: "Requests to the language model");
        _seconds = meter.CreateHistogram<double>("llm_seconds", "s", "Duration of a request to the language model, its repeats included");
    }

    /// <param name="purpose">ask or analysis.</param>
    /// <param name="outcome">ok, cancelled, or the name of an <see cref="LlmFailure"/>.</param>
    public void Record(string purpose, string outcome, TimeSpan took)
    {
        _requests.Add(1, new("purpose", purpose), new KeyValuePair<string, object?>("outcome", outcome));
        _seconds.Record(took.TotalSeconds, new KeyValuePair<string, object?>("purpose", purpose));
    }
}
