using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Topics;
using RiskMonitor.Storage.Database;
using RiskMonitor.Storage.Evidence;
using RiskMonitor.Storage.Topics;

namespace RiskMonitor.Storage.Alerts;

/// <summary>The table of alerts, for the grains that write them.</summary>
/// <param name="topic">Writes the messages of the topic; null: this process stores none.</param>
internal sealed class AlertStore(IDatabase database, IAlertNumbers numbers, TimeProvider time, TopicComposer? topic = null) : IAlertStore
{
    public Task<Alert?> LoadAsync(Guid alertId, CancellationToken cancellationToken) =>
        database.ReadAsync(
            ReadPool.Activation,
            async db => await db.ScalarAsync<string>("SELECT state FROM alerts WHERE alert_id = @AlertId", new { AlertId = alertId.Stored() }) is { } state
                ? AlertJson.Read(state)
                : null,
            cancellationToken);

    public async Task<Alert> SaveAsync(Alert alert, IReadOnlyList<AlertEvent> events, CancellationToken cancellationToken)
    {
        var saved = alert with { Version = alert.Version + 1 };
        var row = AlertRow.Of(saved);
        var messages = topic?.Of(saved, events).ToList() ?? [];
        // Composed before the transaction begins, so that other writers do not wait for it.
        var evidence = AlertEvidence.Of(saved, events, row.Image());
        await database.WriteAsync(
            async db =>
            {
                await SaveAsync(db, saved, row, events, evidence);
                foreach (var message in messages)
                {
                    await TopicOutbox.AddAsync(db, message);
                }

                return true;
            },
            cancellationToken);
        return saved;
    }

    public async Task<IReadOnlyList<DueAlert>> DueAsync(DateTimeOffset? dueBefore, DueAlert? after, int atMost, CancellationToken cancellationToken)
    {
        var due = await database.ReadAsync(
            ReadPool.LookUp,
            db => db.ListAsync(
                """
                SELECT alert_id, next_attempt_at FROM alerts
                WHERE next_attempt_at <= @DueBefore AND next_attempt_at >= @DueAt AND (next_attempt_at > @DueAt OR alert_id > @AlertId)
                ORDER BY next_attempt_at, alert_id LIMIT @AtMost
                """,
                row => Unreadable.TryRead(() => new DueAlert(row.Id(0), row.Instant(1)), out var found, out _) ? found : null,
                new
                {
                    DueBefore = (dueBefore ?? DateTimeOffset.MaxValue).Stored(),
                    DueAt = (after?.DueAt ?? DateTimeOffset.MinValue).Stored(),
                    AlertId = (after?.AlertId ?? Guid.Empty).Stored(),
                    AtMost = atMost,
                }),
            cancellationToken);
        return [.. due.OfType<DueAlert>()];
    }

    public async Task<IReadOnlyDictionary<EpisodeKey, int>> NumbersTakenAsync(string desk, CancellationToken cancellationToken)
    {
        var taken = await database.ReadAsync(
            ReadPool.Activation,
            db => db.ListAsync(
                "SELECT metric, horizon, profile, max(episode) FROM alerts WHERE desk = @Desk GROUP BY metric, horizon, profile",
                row => (Metric: row.Text(0), Horizon: row.Text(1), Profile: row.Text(2), Number: row.GetInt32(3)),
                new { Desk = desk }),
            cancellationToken);
        return taken.ToDictionary(
            row => new EpisodeKey(RiskMetrics.Parse(row.Metric) ?? throw UnknownMetric(row.Metric), row.Horizon, row.Profile),
            row => row.Number);
    }

    private static InvalidDataException UnknownMetric(string metric) =>
        new($"a stored alert is about metric '{metric}', which this program does not know: run the version that wrote it, or a newer one");

    private async Task SaveAsync(DbSession db, Alert alert, AlertRow row, IReadOnlyList<AlertEvent> events, EvidenceDraft evidence)
    {
        var isNew = alert.Version == 1;
        var written = await db.ExecuteAsync(isNew ? $"{database.Dialect.InsertIfNew} {Row}" : Update, row with { Change = await numbers.NextAsync(db) });
        if (written == 0)
        {
            throw new StaleAlertException(alert.AlertId, alert.Version - 1);
        }

        var deliveries = await DeliveryRows.WriteAsync(db, alert, time.GetUtcNow());
        foreach (var step in events)
        {
            await db.ExecuteAsync(
                """
                INSERT INTO alert_events (alert_id, n, at, kind, revision, detail)
                SELECT @AlertId, coalesce(max(n), 0) + 1, @At, @Kind, @Revision, @Detail FROM alert_events WHERE alert_id = @AlertId
                """,
                new { row.AlertId, At = step.At.Stored(), step.Kind, step.Revision, step.Detail });
        }

        db.Record(evidence);
        foreach (var deliveryId in deliveries)
        {
            await AlertEvidence.RecordDeliveryAsync(db, alert, deliveryId);
        }
    }

    private const string Row =
        """
        alerts (
            alert_id, version, request_id, desk, severity, status, breach_open, transient, opened_at, next_attempt_at,
            metric, horizon, profile, episode, state, `change`)
        VALUES (
            @AlertId, @Version, @RequestId, @Desk, @Severity, @Status, @BreachOpen, @Transient, @OpenedAt, @NextAttemptAt,
            @Metric, @Horizon, @Profile, @Episode, @State, @Change)
        """;

    private const string Update =
        """
        UPDATE alerts SET
            version = @Version, request_id = @RequestId, desk = @Desk, severity = @Severity, status = @Status, breach_open = @BreachOpen,
            transient = @Transient, opened_at = @OpenedAt, next_attempt_at = @NextAttemptAt, metric = @Metric, horizon = @Horizon,
            profile = @Profile, episode = @Episode, state = @State, `change` = @Change
        WHERE alert_id = @AlertId AND version = @Version - 1
        """;
}
