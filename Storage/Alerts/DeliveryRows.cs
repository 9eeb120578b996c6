using RiskMonitor.Risk.Alerts;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.Alerts;

/// <summary>Writes the rows of the delivery log that a change of an alert has changed, in the transaction that writes the alert.</summary>
internal static class DeliveryRows
{
    /// <returns>The ids of the rows that were written.</returns>
    public static async Task<IReadOnlyList<string>> WriteAsync(DbSession db, Alert saved, DateTimeOffset now)
    {
        var changed = saved.Messages
            .SelectMany(message => message.Deliveries, (message, delivery) => (Message: message, Delivery: delivery))
            .Where(row => row.Delivery.Version == saved.Version)
            .ToList();
        // A new message, or a new revision without one yet, ends what was still to be sent of the messages before it.
        List<string> written = [.. changed.Select(row => row.Delivery.DeliveryId)];
        if (saved.DeliveryCount > 0 && (saved.Notice is null || changed.Exists(row => row.Delivery.Attempts == 0)))
        {
            written.AddRange(await EndOthersAsync(db, saved, now));
        }

        foreach (var (message, delivery) in changed)
        {
            var row = Row(saved, message, delivery, now);
            if (await db.ExecuteAsync(Update, row) == 0)
            {
                await db.ExecuteAsync(Insert, row);
            }
        }

        return written;
    }

    private static async Task<List<string>> EndOthersAsync(DbSession db, Alert saved, DateTimeOffset now)
    {
        var current = saved.Messages.SelectMany(message => message.Deliveries).Select(delivery => delivery.DeliveryId).ToHashSet();
        var open = await db.ListAsync(
            "SELECT delivery_id FROM alert_deliveries WHERE alert_id = @AlertId AND state NOT IN ('delivered', 'ended')",
            row => row.Text(0),
            new { AlertId = saved.AlertId.Stored() });
        open.RemoveAll(current.Contains);
        foreach (var deliveryId in open)
        {
            await db.ExecuteAsync(
                "UPDATE alert_deliveries SET state = 'ended', next_attempt_at = NULL, changed_at = @Now WHERE delivery_id = @DeliveryId",
                new { DeliveryId = deliveryId, Now = now.Stored() });
        }

        return open;
    }

    private static object Row(Alert alert, Notification message, EndpointDelivery delivery, DateTimeOffset now) => new
    {
        delivery.DeliveryId,
        AlertId = alert.AlertId.Stored(),
        alert.Desk,
        delivery.Endpoint,
        Kind = message.Kind.TypeName(),
        message.Revision,
        delivery.Required,
        State = delivery.State.Name(),
        delivery.Attempts,
        NextAttemptAt = delivery.NextAttemptAt.Stored(),
        CreatedAt = message.CreatedAt.Stored(),
        ChangedAt = now.Stored(),
        DeliveredAt = delivery.DeliveredAt.Stored(),
        delivery.LastStatus,
        delivery.LatencyMs,
        delivery.LastError,
        Answer = delivery.LastAnswer,
    };

    private const string Update =
        """
        UPDATE alert_deliveries SET
            state = @State, attempts = @Attempts, next_attempt_at = @NextAttemptAt, changed_at = @ChangedAt, delivered_at = @DeliveredAt,
            last_status = @LastStatus, latency_ms = @LatencyMs, last_error = @LastError, answer = @Answer
        WHERE delivery_id = @DeliveryId
        """;

    private const string Insert =
        """
        INSERT INTO alert_deliveries (
            delivery_id, alert_id, desk, endpoint, kind, revision, required, state, attempts, next_attempt_at, created_at, changed_at,
            delivered_at, last_status, latency_ms, last_error, answer)
        VALUES (
            @DeliveryId, @AlertId, @Desk, @Endpoint, @Kind, @Revision, @Required, @State, @Attempts, @NextAttemptAt, @CreatedAt, @ChangedAt,
            @DeliveredAt, @LastStatus, @LatencyMs, @LastError, @Answer)
        """;
}
