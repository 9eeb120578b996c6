using System.Diagnostics.Metrics;

namespace RiskMonitor.Silo.Publishing;

/// <summary>Instruments of the topic of alerts. Of several silos only the one that publishes shows what waits.</summary>
internal sealed class PublisherMetrics
{
    private readonly Counter<long> _messages;
    private readonly TimeProvider _clock;
    private volatile Waiting? _waiting;

    public PublisherMetrics(IMeterFactory meters, TimeProvider clock)
    {
        _clock = clock;
        var meter = meters.Create("RiskMonitor");
        _messages = meter.CreateCounter<long>("topic_messages_total", description: "Messages of the topic of alerts, by what became of them");
        meter.CreateObservableGauge(
            "topic_lag", () => _waiting is { } waiting ? [new Measurement<long>(waiting.Count)] : Array.Empty<Measurement<long>>(), description: "Messages that wait to be published");
        meter.CreateObservableGauge(
            "topic_lag_seconds",
            () => _waiting is { } waiting ? [new Measurement<double>(waiting.Oldest is { } oldest ? (_clock.GetUtcNow() - oldest).TotalSeconds : 0)] : Array.Empty<Measurement<double>>(),
            "s",
            "Age of the oldest message that waits to be published; 0 without any");
    }

    /// <param name="outcome">published, failed (tried again), refused or expired (given up).</param>
    public void Count(string outcome, int messages) => _messages.Add(messages, new KeyValuePair<string, object?>("outcome", outcome));

    public void Waits(long count, DateTimeOffset? oldest) => _waiting = new Waiting(count, oldest);

    /// <summary>Another silo publishes.</summary>
    public void Clear() => _waiting = null;

    private sealed record Waiting(long Count, DateTimeOffset? Oldest);
}
