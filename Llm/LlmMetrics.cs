using System.Diagnostics.Metrics;

namespace RiskMonitor.Llm;

/// <summary>What requests to the model came to, by what they were for.</summary>
public sealed class LlmMetrics
{
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _seconds;
    private readonly Counter<long> _tokens;
    private readonly Counter<double> _cost;

    public LlmMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("RiskMonitor");
        _requests = meter.CreateCounter<long>("llm_requests_total", description: "Requests to the language model");
        _seconds = meter.CreateHistogram<double>("llm_seconds", "s", "Duration of a request to the language model, its repeats included");
        _tokens = meter.CreateCounter<long>("llm_tokens_total", description: "Tokens that the language model counted");
        _cost = meter.CreateCounter<double>("llm_cost_total", description: "Tokens times Llm:InputPrice and Llm:OutputPrice");
    }

    /// <param name="purpose">ask or analysis.</param>
    /// <param name="outcome">ok, cancelled, or the name of an <see cref="LlmFailure"/>.</param>
    public void Record(string purpose, string outcome, TimeSpan took)
    {
        _requests.Add(1, new("purpose", purpose), new KeyValuePair<string, object?>("outcome", outcome));
        _seconds.Record(took.TotalSeconds, new KeyValuePair<string, object?>("purpose", purpose));
    }

    /// <summary>What an answer has used, where the model says so.</summary>
    /// <param name="inputPrice">Of a million tokens that were sent; likewise of those of the answer.</param>
    public void Spent(string purpose, long input, long output, double inputPrice, double outputPrice)
    {
        Count("input", input, inputPrice);
        Count("output", output, outputPrice);

        void Count(string kind, long tokens, double price)
        {
            if (tokens <= 0)
            {
                return;
            }

            _tokens.Add(tokens, new("purpose", purpose), new KeyValuePair<string, object?>("kind", kind));
            if (price > 0)
            {
                _cost.Add(tokens * price / 1_000_000, new KeyValuePair<string, object?>("purpose", purpose));
            }
        }
    }
}
