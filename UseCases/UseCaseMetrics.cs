using System.Diagnostics.Metrics;

namespace RiskMonitor.UseCases;

/// <summary>Instruments of the use cases and of the market data they convert with. What a caller sends is never a label.</summary>
public sealed class UseCaseMetrics
{
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _seconds;
    private readonly Counter<long> _limited;
    private readonly UpDownCounter<long> _inFlight;
    private readonly Counter<long> _auditDropped;
    private readonly Counter<long> _marketRequests;
    private readonly Counter<long> _marketEntriesLeftOut;
    private readonly Histogram<double> _marketSeconds;
    private long _marketAsOf;

    public UseCaseMetrics(IMeterFactory meters, TimeProvider clock)
    {
        var meter = meters.Create("RiskMonitor");
        _requests = meter.CreateCounter<long>("requests_total", description: "Calls of use cases");
        _seconds = meter.CreateHistogram<double>("request_seconds", "s", "Duration of a call of a use case");
        _limited = meter.CreateCounter<long>("rate_limited_total", description: "Calls refused because their user asks too often");
        _inFlight = meter.CreateUpDownCounter<long>("calls_in_flight", description: "Calls that are being answered");
        _auditDropped = meter.CreateCounter<long>("audit_dropped_total", description: "Audit entries for which there was no room");
        _marketRequests = meter.CreateCounter<long>("market_requests_total", description: "Snapshots asked of the market source");
        _marketEntriesLeftOut = meter.CreateCounter<long>("market_entries_left_out_total", description: "Prices and rates that could not be read");
        _marketSeconds = meter.CreateHistogram<double>("market_request_seconds", "s", "Duration of a snapshot's fetch, its repeats included");
        meter.CreateObservableGauge(
            "market_snapshot_age_seconds",
            () => Interlocked.Read(ref _marketAsOf) is > 0 and var ticks
                ? [new Measurement<double>((clock.GetUtcNow() - new DateTimeOffset(ticks, TimeSpan.Zero)).TotalSeconds)]
                : Array.Empty<Measurement<double>>(),
            "s",
            "Age of the newest market snapshot; absent without one");
    }

    /// <param name="tool">The use case.</param>
    /// <param name="outcome">ok, cancelled, or an error code.</param>
    public void Answered(string tool, string outcome, TimeSpan took)
    {
        _requests.Add(1, new("tool", tool), new KeyValuePair<string, object?>("outcome", outcome));
        _seconds.Record(took.TotalSeconds, new KeyValuePair<string, object?>("tool", tool));
    }

    public void RateLimited(string tool) => _limited.Add(1, new KeyValuePair<string, object?>("tool", tool));

    public void CallBegan() => _inFlight.Add(1);

    public void CallEnded() => _inFlight.Add(-1);

    public void AuditDropped() => _auditDropped.Add(1);

    /// <param name="outcome">ok, failed, or left_alone.</param>
    /// <param name="newestAsOf">Of the newest snapshot, whenever that was fetched; null: there is none.</param>
    public void MarketFetched(string outcome, TimeSpan took, DateTimeOffset? newestAsOf)
    {
        _marketRequests.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
        _marketSeconds.Record(took.TotalSeconds);
        Interlocked.Exchange(ref _marketAsOf, newestAsOf?.UtcTicks ?? 0);
    }

    public void MarketEntriesLeftOut(int entries) => _marketEntriesLeftOut.Add(entries);
}
