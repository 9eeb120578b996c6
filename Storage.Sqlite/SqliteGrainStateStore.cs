using System.Globalization;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.Sqlite;

/// <summary>An etag is the row's version.</summary>
internal sealed class SqliteGrainStateStore(SqliteStorage storage) : IGrainStateStore
{
    public async Task<StoredGrainState?> ReadAsync(string typeName, string grainKey, CancellationToken cancellationToken)
    {
        var rows = await storage.ReadAsync(
            ReadPool.Activation,
            session => session.List(
                "SELECT version, payload FROM grain_state WHERE type_name = ?1 AND grain_key = ?2",
                row => new StoredGrainState(ETag(row.GetInt64(0)), row.IsDBNull(1) ? null : row.Blob(1)),
                typeName,
                grainKey),
            cancellationToken);
        return rows.Count == 0 ? null : rows[0];
    }

    public Task<string> WriteAsync(string typeName, string grainKey, byte[] payload, string? etag, CancellationToken cancellationToken) =>
        storage.WriteAsync(session => Write(session, typeName, grainKey, payload, etag), cancellationToken);

    public Task<string?> ClearAsync(string typeName, string grainKey, string? etag, CancellationToken cancellationToken) =>
        storage.WriteAsync(
            session => etag is null && Find(session, typeName, grainKey) is null ? null : Write(session, typeName, grainKey, null, etag),
            cancellationToken);

    private static string Write(SqliteSession session, string typeName, string grainKey, byte[]? payload, string? etag)
    {
        var found = Find(session, typeName, grainKey);
        if (found != etag)
        {
            throw new GrainStateConflictException(typeName, grainKey, etag, found);
        }

        var version = session.Scalar(
            """
            INSERT INTO grain_state (type_name, grain_key, version, payload) VALUES (?1, ?2, 1, ?3)
            ON CONFLICT (type_name, grain_key) DO UPDATE SET version = version + 1, payload = excluded.payload
            RETURNING version
            """,
            typeName,
            grainKey,
            payload);
        return ETag((long)version!);
    }

    private static string? Find(SqliteSession session, string typeName, string grainKey) =>
        session.Scalar("SELECT version FROM grain_state WHERE type_name = ?1 AND grain_key = ?2", typeName, grainKey) is long version ? ETag(version) : null;

    private static string ETag(long version) => version.ToString(CultureInfo.InvariantCulture);
}
