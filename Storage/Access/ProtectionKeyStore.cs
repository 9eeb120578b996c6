using RiskMonitor.Risk.Access;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.Access;

/// <summary>The table of the keys that protect cookies.</summary>
internal sealed class ProtectionKeyStore(IDatabase database, TimeProvider time) : IProtectionKeyStore
{
    public async Task<IReadOnlyList<ProtectionKey>> ListAsync(CancellationToken cancellationToken) => await database.ReadAsync(
        ReadPool.LookUp,
        db => db.ListAsync("SELECT name, xml FROM protection_keys ORDER BY added_at, name", row => new ProtectionKey(row.Text(0), row.Text(1))),
        cancellationToken);

    public Task AddAsync(ProtectionKey key, CancellationToken cancellationToken) => database.WriteAsync(db => InsertAsync(db, key), cancellationToken);

    public Task AddFirstAsync(ProtectionKey key, CancellationToken cancellationToken) => database.WriteAsync(
        async db =>
        {
            await database.Dialect.LockAsync(db, WriteLock.ProtectionKeys);
            return await db.ScalarAsync<long>("SELECT count(*) FROM protection_keys") == 0 ? await InsertAsync(db, key) : 0;
        },
        cancellationToken);

    private Task<int> InsertAsync(DbSession db, ProtectionKey key) => db.ExecuteAsync(
        $"{database.Dialect.InsertIfNew} protection_keys (name, xml, added_at) VALUES (@Name, @Xml, @AddedAt)",
        new { key.Name, key.Xml, AddedAt = time.GetUtcNow().Stored() });
}
