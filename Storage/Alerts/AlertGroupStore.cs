using System.Text.Json;
using System.Text.Json.Serialization;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Evidence;
using RiskMonitor.Storage.Database;
using RiskMonitor.Storage.Evidence;

namespace RiskMonitor.Storage.Alerts;

/// <summary>The table of lists: messages that told an endpoint of several alerts. What is written and removed is recorded as evidence.</summary>
internal sealed class AlertGroupStore(IDatabase database, TimeProvider time) : IAlertGroupStore
{
    public Task SaveAsync(AlertGroup group, CancellationToken cancellationToken)
    {
        var row = new
        {
            group.GroupId,
            group.Endpoint,
            CreatedAt = group.CreatedAt.Stored(),
            ExpiresAt = group.ExpiresAt.Stored(),
            Alerts = JsonSerializer.Serialize(group.Alerts, AlertGroupJson.Default.IReadOnlyListGroupedAlert),
        };
        object?[] values = [row.GroupId, row.Endpoint, row.CreatedAt, row.ExpiresAt, row.Alerts];
        var image = EvidenceTable.AlertGroups.Image(values);
        var stored = EvidenceDraft.Of(EvidenceKinds.AlertGroup, row.GroupId, 1, json => EvidenceDocuments.WriteRow(json, "row", image));
        var now = time.GetUtcNow();
        return database.WriteAsync(
            async db =>
            {
                if (await db.ExecuteAsync("DELETE FROM alert_groups WHERE expires_at < @Now", new { Now = now.Stored() }) is > 0 and var removed)
                {
                    db.Record(EvidenceDocuments.Pruned(EvidenceTable.AlertGroups.Name, now, removed));
                }

                db.Record(stored);
                return await db.ExecuteAsync(
                    "INSERT INTO alert_groups (group_id, endpoint, created_at, expires_at, alerts) VALUES (@GroupId, @Endpoint, @CreatedAt, @ExpiresAt, @Alerts)", row);
            },
            cancellationToken);
    }

    public async Task<AlertGroup?> FindAsync(string groupId, CancellationToken cancellationToken)
    {
        var found = await database.ReadAsync(
            ReadPool.LookUp,
            db => db.ListAsync(
                "SELECT group_id, endpoint, created_at, expires_at, alerts FROM alert_groups WHERE group_id = @GroupId",
                row => new AlertGroup(
                    row.Text(0),
                    row.Text(1),
                    row.Instant(2),
                    row.Instant(3),
                    JsonSerializer.Deserialize(row.Text(4), AlertGroupJson.Default.IReadOnlyListGroupedAlert) ?? []),
                new { GroupId = groupId }),
            cancellationToken);
        return found.SingleOrDefault();
    }

    public async Task<IReadOnlyDictionary<Guid, Alert>> CurrentAsync(AlertGroup group, CancellationToken cancellationToken)
    {
        var ids = new Dictionary<string, object?> { ["Ids"] = database.Dialect.Texts([.. group.Alerts.Select(alert => alert.AlertId.Stored()).Distinct()]) };
        var rows = await database.ReadAsync(
            ReadPool.Query,
            db => db.ListAsync(
                $"SELECT state FROM alerts WHERE {database.Dialect.IsOneOf("alert_id", "@Ids")}",
                row => Unreadable.TryRead(() => AlertJson.Read(row.Text(0)), out var alert, out _) ? alert : null,
                ids),
            cancellationToken);
        return rows.OfType<Alert>().ToDictionary(alert => alert.AlertId);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IReadOnlyList<GroupedAlert>))]
internal sealed partial class AlertGroupJson : JsonSerializerContext;
