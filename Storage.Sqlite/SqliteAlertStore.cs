using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Storage.Alerts;

namespace RiskMonitor.Storage.Sqlite;

internal sealed class SqliteAlertStore(SqliteStorage storage) : IAlertStore
{
    public Task<Alert?> LoadAsync(Guid alertId, CancellationToken cancellationToken) =>
        storage.ReadAsync(
            ReadPool.Activation,
            session => session.Scalar("SELECT state FROM alerts WHERE alert_id = ?1", alertId.Stored()) is string state ? AlertJson.Read(state) : null,
            cancellationToken);

    public async Task<Alert> SaveAsync(Alert alert, IReadOnlyList<AlertEvent> events, CancellationToken cancellationToken)
    {
        var saved = alert with { Version = alert.Version + 1 };
        var state = AlertJson.Write(saved);
        await storage.WriteAsync(session => Save(session, saved, state, events), cancellationToken);
        return saved;
    }

    public async Task<IReadOnlyList<DueAlert>> DueAsync(DateTimeOffset? dueBefore, DueAlert? after, int atMost, CancellationToken cancellationToken) =>
        await storage.ReadAsync(
            ReadPool.LookUp,
            session => session.List(
                """
                SELECT alert_id, next_attempt_at FROM alerts
                WHERE next_attempt_at <= ?1 AND (next_attempt_at, alert_id) > (?2, ?3)
                ORDER BY next_attempt_at, alert_id LIMIT ?4
                """,
                row => Unreadable.TryRead(() => new DueAlert(row.Id(0), row.Instant(1)), out var due, out _) ? due : null,
                (dueBefore ?? DateTimeOffset.MaxValue).Stored(),
                (after?.DueAt ?? DateTimeOffset.MinValue).Stored(),
                (after?.AlertId ?? Guid.Empty).Stored(),
                atMost).OfType<DueAlert>().ToList(),
            cancellationToken);

    public async Task<IReadOnlyDictionary<EpisodeKey, int>> NumbersTakenAsync(string desk, CancellationToken cancellationToken)
    {
        var taken = await storage.ReadAsync(
            ReadPool.Activation,
            session => session.List(
                "SELECT metric, horizon, profile, max(episode) FROM alerts WHERE desk = ?1 GROUP BY metric, horizon, profile",
                row => (Metric: row.GetString(0), Horizon: row.GetString(1), Profile: row.GetString(2), Number: row.GetInt32(3)),
                desk),
            cancellationToken);
        return taken.ToDictionary(
            row => new EpisodeKey(RiskMetrics.Parse(row.Metric) ?? throw UnknownMetric(row.Metric), row.Horizon, row.Profile),
            row => row.Number);
    }

    private static InvalidDataException UnknownMetric(string metric) =>
        new($"a stored alert is about metric '{metric}', which this program does not know: run the version that wrote it, or a newer one");

    private static bool Save(SqliteSession session, Alert alert, string state, IReadOnlyList<AlertEvent> events)
    {
        var isNew = alert.Version == 1;
        object?[] row =
        [
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
            (alert.NextAttemptAt ?? (alert.WaitsForEndpoint ? DateTimeOffset.MaxValue : null)).Stored(),
            alert.Episode.Key.Metric.Name(),
            alert.Episode.Key.Horizon,
            alert.Episode.Key.Profile,
            alert.Episode.Number,
            state,
        ];
        var written = session.Execute(isNew ? Insert : Update, row);
        if (written == 0)
        {
            throw new StaleAlertException(alert.AlertId, alert.Version - 1);
        }

        foreach (var step in events)
        {
            session.Execute(
                """
                INSERT INTO alert_events (alert_id, n, at, kind, revision, detail)
                VALUES (?1, (SELECT coalesce(max(n), 0) + 1 FROM alert_events WHERE alert_id = ?1), ?2, ?3, ?4, ?5)
                """,
                alert.AlertId.Stored(),
                step.At.Stored(),
                step.Kind,
                step.Revision,
                step.Detail);
        }

        return true;
    }

    private const string Insert =
        """
        INSERT INTO alerts (
            alert_id, version, request_id, desk, severity, status, breach_open, transient, opened_at, next_attempt_at,
            metric, horizon, profile, episode, state, change)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, (SELECT coalesce(max(change), 0) + 1 FROM alerts))
        ON CONFLICT (alert_id) DO NOTHING
        """;

    private const string Update =
        """
        UPDATE alerts SET
            version = ?2, request_id = ?3, desk = ?4, severity = ?5, status = ?6, breach_open = ?7, transient = ?8, opened_at = ?9,
            next_attempt_at = ?10, metric = ?11, horizon = ?12, profile = ?13, episode = ?14, state = ?15,
            change = (SELECT max(change) + 1 FROM alerts)
        WHERE alert_id = ?1 AND version = ?2 - 1
        """;
}
