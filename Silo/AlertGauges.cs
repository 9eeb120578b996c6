using System.Diagnostics.Metrics;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Silo;

/// <summary>How many alerts there are in each status, as the last sweep counted them, without transient ones. A silo that does not sweep shows nothing.</summary>
internal sealed class AlertGauges
{
    private readonly TimeProvider _clock;
    private volatile Counts? _counts;

    public AlertGauges(IMeterFactory meters, TimeProvider clock)
    {
        _clock = clock;
        var meter = meters.Create("RiskMonitor");
        meter.CreateObservableGauge("alerts", ByStatus, description: "Alerts as of the last sweep, without transient ones");
        meter.CreateObservableGauge("oldest_unacked_alert_seconds", OldestUnacked, "s", "Age of the oldest alert that waits for its ack; 0 without any");
    }

    public async Task CountAsync(IAlertQueries alerts, CancellationToken cancellationToken)
    {
        var (byStatus, oldestUnacked) = await alerts.CountAsync(cancellationToken);
        _counts = new Counts(byStatus, oldestUnacked);
    }

    /// <summary>Another silo sweeps from now on.</summary>
    public void Clear() => _counts = null;

    private IEnumerable<Measurement<long>> ByStatus() => _counts is not { } counts
        ? []
        : AlertNames.Statuses.Select(status => new Measurement<long>(
            counts.ByStatus.GetValueOrDefault(status), new KeyValuePair<string, object?>("status", status.Name())));

    private IEnumerable<Measurement<double>> OldestUnacked() => _counts is not { } counts
        ? []
        : [new Measurement<double>(counts.OldestUnacked is { } born ? (_clock.GetUtcNow() - born).TotalSeconds : 0)];

    private sealed record Counts(IReadOnlyDictionary<AlertStatus, long> ByStatus, DateTimeOffset? OldestUnacked);
}
