using System.Diagnostics.Metrics;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Silo;

/// <summary>How many alerts stand where, as the last sweep counted them. Transient ones are left out.</summary>
internal sealed class AlertGauges
{
    private readonly TimeProvider _clock;
    private IReadOnlyDictionary<AlertStatus, long> _byStatus = new Dictionary<AlertStatus, long>();
    private DateTimeOffset? _oldestUnacked;

    public AlertGauges(IMeterFactory meters, TimeProvider clock)
    {
        _clock = clock;
        var meter = meters.Create("RiskMonitor");
        meter.CreateObservableGauge("alerts", () => AlertNames.Statuses.Select(status =>
            new Measurement<long>(_byStatus.GetValueOrDefault(status), new KeyValuePair<string, object?>("status", status.Name()))), description: "Alerts as of the last sweep, without transient ones");
        meter.CreateObservableGauge("oldest_unacked_alert_seconds", () => _oldestUnacked is { } born ? (_clock.GetUtcNow() - born).TotalSeconds : 0, "s", "Age of the oldest alert that waits for its ack; 0 without any");
    }

    public async Task CountAsync(IAlertQueries alerts, CancellationToken cancellationToken) =>
        (_byStatus, _oldestUnacked) = await alerts.CountAsync(cancellationToken);
}
