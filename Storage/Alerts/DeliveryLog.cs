using RiskMonitor.Risk.Alerts;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.Alerts;

/// <summary>The table of deliveries, for those who ask about them.</summary>
internal sealed class DeliveryLog(IDatabase database) : IDeliveryLog
{
    public Task<DeliveryPage> ListAsync(DeliveryFilter filter, DeliveryCursor? after, int pageSize, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pageSize, 1);
        return database.ReadAsync(ReadPool.Query, db => PageAsync(db, filter, after, pageSize), cancellationToken);
    }

    private async Task<DeliveryPage> PageAsync(DbSession db, DeliveryFilter filter, DeliveryCursor? after, int pageSize)
    {
        var parameters = new Dictionary<string, object?>
        {
            ["AlertId"] = filter.AlertId?.Stored(),
            ["Endpoint"] = filter.Endpoint,
            ["State"] = filter.State?.Name(),
            ["Desks"] = filter.Desks is null ? null : database.Dialect.Texts(filter.Desks),
            ["AfterAt"] = after?.CreatedAt.Stored(),
            ["AfterId"] = after?.DeliveryId,
            ["AtMost"] = pageSize + 1L,
        };
        (bool IsAsked, string Condition)[] all =
        [
            (filter.AlertId is not null, "alert_id = @AlertId"),
            (filter.Endpoint is not null, "endpoint = @Endpoint"),
            (filter.State is not null, "state = @State"),
            (filter.Desks is not null, database.Dialect.IsOneOf("desk", "@Desks")),
        ];
        var conditions = all.Where(condition => condition.IsAsked).Select(condition => condition.Condition).ToList();
        var total = await db.ScalarAsync<long>($"SELECT count(*) FROM alert_deliveries {Where(conditions)}", parameters);
        if (after is not null)
        {
            conditions.Add("created_at <= @AfterAt AND (created_at < @AfterAt OR delivery_id > @AfterId)");
        }

        // One more row than asked for shows whether there is a next page.
        var rows = await db.ListAsync(
            $"""
            SELECT delivery_id, alert_id, desk, endpoint, kind, revision, required, state, attempts, next_attempt_at, created_at, changed_at,
                delivered_at, last_status, latency_ms, last_error, answer
            FROM alert_deliveries {Where(conditions)} ORDER BY created_at DESC, delivery_id LIMIT @AtMost
            """,
            row => new LoggedDelivery(
                row.Text(0),
                row.Id(1),
                row.Text(2),
                row.Text(3),
                row.Text(4),
                row.GetInt32(5),
                row.GetBoolean(6),
                row.Text(7),
                row.GetInt32(8),
                row.InstantOrNull(9),
                row.Instant(10),
                row.Instant(11),
                row.InstantOrNull(12),
                row.IsDBNull(13) ? null : row.GetInt32(13),
                row.IsDBNull(14) ? null : row.GetDouble(14),
                row.StringOrNull(15),
                row.StringOrNull(16)),
            parameters);
        List<LoggedDelivery> page = [.. rows.Take(pageSize)];
        return new DeliveryPage(page, total, rows.Count > pageSize ? new DeliveryCursor(page[^1].CreatedAt, page[^1].DeliveryId) : null);
    }

    private static string Where(List<string> conditions) => conditions.Count == 0 ? "" : $"WHERE {string.Join(" AND ", conditions)}";
}
