using System.Globalization;
using System.Text;
using Orleans.Runtime;
using Orleans.Storage;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.MySql;

/// <summary>
/// The states of grains in the table of Orleans' ADO.NET provider, for commands that run beside the silos or without them. Rows are found and written as the
/// provider does it, so a silo that has read a state finds by its etag that a command has written it.
/// </summary>
/// <param name="serviceId">Of the silos.</param>
internal sealed class MySqlGrainStateStore(IDatabase database, string serviceId) : IGrainStateStore
{
    private const string Where =
        """
        WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash AND GrainIdN0 = 0 AND GrainIdN1 = 0
            AND ServiceId = @ServiceId AND GrainTypeString = @TypeName AND GrainIdExtensionString = @Key
        """;

    private static readonly OrleansDefaultHasher s_hasher = new();

    public Task<StoredGrainState?> ReadAsync(string typeName, string grainKey, CancellationToken cancellationToken)
    {
        var row = Row(typeName, grainKey, null);
        return database.ReadAsync(
            ReadPool.LookUp,
            async db => (await db.ListAsync(
                $"SELECT Version, PayloadBinary FROM OrleansStorage {Where}",
                found => new StoredGrainState(ETag(found.GetInt64(0)), found.IsDBNull(1) ? null : found.Blob(1)),
                row)).FirstOrDefault(),
            cancellationToken);
    }

    public Task<string> WriteAsync(string typeName, string grainKey, byte[] payload, string? etag, CancellationToken cancellationToken) =>
        database.WriteAsync(db => WriteAsync(db, typeName, grainKey, payload, etag), cancellationToken);

    public Task<string?> ClearAsync(string typeName, string grainKey, string? etag, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async db => etag is null && await FindAsync(db, Row(typeName, grainKey, null)) is null ? null : await WriteAsync(db, typeName, grainKey, null, etag),
            cancellationToken);

    private async Task<string> WriteAsync(DbSession db, string typeName, string grainKey, byte[]? payload, string? etag)
    {
        var row = Row(typeName, grainKey, payload) with { Version = etag is null ? null : long.Parse(etag, CultureInfo.InvariantCulture) };
        var written = etag is null
            ? await db.ExecuteAsync(
                """
                INSERT IGNORE INTO OrleansStorage (GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, ServiceId, GrainTypeString, GrainIdExtensionString, PayloadBinary, ModifiedOn, Version)
                VALUES (@GrainIdHash, @GrainTypeHash, 0, 0, @ServiceId, @TypeName, @Key, @Payload, UTC_TIMESTAMP(), 1)
                """,
                row)
            : await db.ExecuteAsync($"UPDATE OrleansStorage SET PayloadBinary = @Payload, ModifiedOn = UTC_TIMESTAMP(), Version = Version + 1 {Where} AND Version = @Version", row);
        return written == 1
            ? ETag((row.Version ?? 0) + 1)
            : throw new GrainStateConflictException(typeName, grainKey, etag, await FindAsync(db, row) is { } found ? ETag(found) : null);
    }

    private static Task<long?> FindAsync(DbSession db, StateRow row) => db.ScalarAsync<long?>($"SELECT Version FROM OrleansStorage {Where}", row);

    /// <exception cref="InvalidOperationException">The provider keeps the states of grains with such keys in other columns.</exception>
    private StateRow Row(string typeName, string grainKey, byte[]? payload)
    {
        var grain = GrainId.Parse(grainKey);
        if (grain.TryGetGuidKey(out _, out _) || grain.TryGetIntegerKey(out _, out _))
        {
            throw new InvalidOperationException($"the state of '{grainKey}' cannot be read by a command, because its key reads as a number");
        }

        var key = grain.Key.ToString()!;

        // The provider hashes the bytes of a key from the last to the first.
        var bytes = Encoding.UTF8.GetBytes(key);
        Array.Reverse(bytes);
        return new StateRow(s_hasher.Hash(bytes), s_hasher.Hash(Encoding.UTF8.GetBytes(typeName)), serviceId, typeName, key, payload, null);
    }

    private static string ETag(long version) => version.ToString(CultureInfo.InvariantCulture);

    private sealed record StateRow(int GrainIdHash, int GrainTypeHash, string ServiceId, string TypeName, string Key, byte[]? Payload, long? Version);
}
