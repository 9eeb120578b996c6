using RiskMonitor.Risk.Alerts;
using RiskMonitor.Storage.Database;

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
        var written = await database.WriteAsync(db => db.ExecuteAsync(next.Version == 1 ? $"{database.Dialect.InsertIfNew} {Row}" : Update, row), cancellationToken);
        return written == 0 ? throw new EndpointConflictException(endpoint.Name, endpoint.Version) : next;
    }

    public async Task RemoveAsync(string name, int version, CancellationToken cancellationToken)
    {
        var removed = await database.WriteAsync(
            db => db.ExecuteAsync("DELETE FROM endpoints WHERE name = @Name AND version = @Version", new { Name = name, Version = version }), cancellationToken);
        if (removed == 0)
        {
            throw new EndpointConflictException(name, version);
        }
    }

    public async Task<bool> RewriteAsync(StoredEndpoint stored, string settings, CancellationToken cancellationToken) => await database.WriteAsync(
        db => db.ExecuteAsync(
            "UPDATE endpoints SET settings = @Settings WHERE name = @Name AND version = @Version AND settings = @Stored",
            new { stored.Name, stored.Version, Settings = settings, Stored = stored.Settings }),
        cancellationToken) > 0;

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
