using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Storage.Database;
using RiskMonitor.Storage.Evidence;

namespace RiskMonitor.Storage.Alerts;

/// <summary>An alert as its row is stored; the names are those of the statements' parameters.</summary>
/// <param name="Change">Numbers the changes for readers; known only within the transaction that writes the row.</param>
internal sealed record AlertRow(
    string AlertId,
    long Version,
    string RequestId,
    string Desk,
    string Severity,
    string Status,
    bool BreachOpen,
    bool Transient,
    long OpenedAt,
    long? NextAttemptAt,
    string Metric,
    string Horizon,
    string Profile,
    int Episode,
    string State,
    long Change)
{
    public static AlertRow Of(Alert alert) => new(
        alert.AlertId.Stored(),
        alert.Version,
        alert.RequestId,
        alert.Desk,
        alert.Episode.Severity.Name(),
        alert.Status.Name(),
        alert.Episode.IsOpen,
        alert.Transient,
        alert.Episode.OpenedAt.Stored(),
        // Nothing is due without an endpoint, but the next start must find it.
        (alert.NextAttemptAt ?? (alert.WaitsForEndpoint ? DateTimeOffset.MaxValue : null))?.Stored(),
        alert.Episode.Key.Metric.Name(),
        alert.Episode.Key.Horizon,
        alert.Episode.Key.Profile,
        alert.Episode.Number,
        AlertJson.Write(alert),
        0);

    /// <summary>The row as an entry of evidence has it, which leaves out <see cref="Change"/>.</summary>
    public string Image()
    {
        object?[] values =
        [
            AlertId, Version, RequestId, Desk, Severity, Status, BreachOpen, Transient, OpenedAt, NextAttemptAt, Metric, Horizon, Profile, Episode, State,
        ];
        return EvidenceTable.Alerts.Image(values);
    }
}
