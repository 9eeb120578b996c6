using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Evidence;
using RiskMonitor.Storage.Database;
using RiskMonitor.Storage.Evidence;

namespace RiskMonitor.Storage.Alerts;

/// <summary>The table of endpoints that were set at run time.</summary>
internal sealed class EndpointStore(IDatabase database) : IEndpointStore
{
    public async Task<IReadOnlyList<StoredEndpoint>> ListAsync(CancellationToken cancellationToken) => await database.ReadAsync(
        ReadPool.LookUp,
        db => db.ListAsync(
            "SELECT name, version, settings, reason, changed_by, changed_at FROM endpoints ORDER BY name",
            row => new StoredEndpoint(row.Text(0), row.GetInt32(1), row.Text(2), row.Text(3), row.Text(4), row.Instant(5))),
        cancellationToken);

    public async Task<StoredEndpoint> PutAsync(StoredEndpoint endpoint, CancellationToken cancellationToken)
    {
        var next = endpoint with { Version = endpoint.Version + 1 };
        var row = new { next.Name, next.Version, next.Settings, next.Reason, next.ChangedBy, ChangedAt = next.ChangedAt.Stored() };
        var written = await database.WriteAsync(
            db => RecordedAsync(db, endpoint.Name, next.Version == 1 ? $"{database.Dialect.InsertIfNew} {Row}" : Update, row), cancellationToken);
        return written == 0 ? throw new EndpointConflictException(endpoint.Name, endpoint.Version) : next;
    }

    public async Task RemoveAsync(string name, int version, CancellationToken cancellationToken)
    {
        var removed = await database.WriteAsync(
            db => RecordedAsync(db, name, "DELETE FROM endpoints WHERE name = @Name AND version = @Version", new { Name = name, Version = version }), cancellationToken);
        if (removed == 0)
        {
            throw new EndpointConflictException(name, version);
        }
    }

    /// <returns>Rows changed; what was not changed is not recorded.</returns>
    private static async Task<int> RecordedAsync(DbSession db, string name, string sql, object parameters)
    {
        var changed = await db.ExecuteAsync(sql, parameters);
        if (changed > 0)
        {
            // An endpoint that was removed begins with version 1 again, so its versions give no order. The row is locked: nobody else takes the same number.
            var ordinal = await db.ScalarAsync<long>(
                "SELECT coalesce(max(ordinal), 0) + 1 FROM evidence WHERE subject = @Name AND kind = @Kind", new { Name = name, Kind = EvidenceKinds.Endpoint });
            await EvidenceDocuments.RecordAsync(db, EvidenceKinds.Endpoint, name, ordinal, ("row", EvidenceTable.Endpoints, "name = @Name", new { Name = name }));
        }

        return changed;
    }

    private const string Row =
        """
        endpoints (name, version, settings, reason, changed_by, changed_at)
        VALUES (@Name, @Version, @Settings, @Reason, @ChangedBy, @ChangedAt)
        """;

    private const string Update =
        """
        UPDATE endpoints SET version = @Version, settings = @Settings, reason = @Reason, changed_by = @ChangedBy, changed_at = @ChangedAt
        WHERE name = @Name AND version = @Version - 1
        """;
}
