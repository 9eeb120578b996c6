using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Evidence;
using RiskMonitor.Storage.Database;
using RiskMonitor.Storage.Evidence;

namespace RiskMonitor.Storage.Alerts;

/// <summary>
/// The table of endpoints that were set at run time. The row of a removed one stays without settings, so that the versions of a name never begin anew: a
/// silo that did not read in between, and a writer who has seen an older version, would take the new endpoint for the old one.
/// </summary>
internal sealed class EndpointStore(IDatabase database) : IEndpointStore
{
    public async Task<IReadOnlyList<StoredEndpoint>> ListAsync(CancellationToken cancellationToken) => await database.ReadAsync(
        ReadPool.LookUp,
        db => db.ListAsync(
            "SELECT name, version, settings, reason, changed_by, changed_at FROM endpoints WHERE settings <> '' ORDER BY name",
            row => new StoredEndpoint(row.Text(0), row.GetInt32(1), row.Text(2), row.Text(3), row.Text(4), row.Instant(5))),
        cancellationToken);

    public async Task<StoredEndpoint> PutAsync(StoredEndpoint endpoint, CancellationToken cancellationToken)
    {
        var next = endpoint with { Version = endpoint.Version + 1 };
        var written = await database.WriteAsync(
            async db => next.Version == 1 ? await AddAsync(db, next) : await RecordedAsync(db, next.Name, next.Version, $"{Update} AND settings <> ''", RowOf(next)) > 0 ? next : null, cancellationToken);
        return written ?? throw new EndpointConflictException(endpoint.Name, endpoint.Version);
    }

    /// <returns>Null where there is an endpoint of that name.</returns>
    private async Task<StoredEndpoint?> AddAsync(DbSession db, StoredEndpoint endpoint)
    {
        if (await RecordedAsync(db, endpoint.Name, endpoint.Version, $"{database.Dialect.InsertIfNew} {Row}", RowOf(endpoint)) > 0)
        {
            return endpoint;
        }

        var removed = await db.ListAsync("SELECT version FROM endpoints WHERE name = @Name AND settings = ''", row => row.GetInt32(0), new { endpoint.Name });
        var next = endpoint with { Version = removed.SingleOrDefault() + 1 };
        return removed.Count > 0 && await RecordedAsync(db, next.Name, next.Version, $"{Update} AND settings = ''", RowOf(next)) > 0 ? next : null;
    }

    private static object RowOf(StoredEndpoint endpoint) =>
        new { endpoint.Name, endpoint.Version, endpoint.Settings, endpoint.Reason, endpoint.ChangedBy, ChangedAt = endpoint.ChangedAt.Stored() };

    public async Task RemoveAsync(string name, int version, CancellationToken cancellationToken)
    {
        var removed = await database.WriteAsync(
            db => RecordedAsync(
                db, name, version + 1, "UPDATE endpoints SET version = version + 1, settings = '' WHERE name = @Name AND version = @Version AND settings <> ''", new { Name = name, Version = version }),
            cancellationToken);
        if (removed == 0)
        {
            throw new EndpointConflictException(name, version);
        }
    }

    /// <param name="version">Of the endpoint after the change.</param>
    /// <returns>Rows changed; what was not changed is not recorded.</returns>
    private static async Task<int> RecordedAsync(DbSession db, string name, int version, string sql, object parameters)
    {
        var changed = await db.ExecuteAsync(sql, parameters);
        if (changed > 0)
        {
            await EvidenceDocuments.RecordAsync(db, EvidenceKinds.Endpoint, name, version, ("row", EvidenceTable.Endpoints, "name = @Name", new { Name = name }));
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
