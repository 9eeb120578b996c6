using System.Data.Common;
using System.Text.Encodings.Web;
using System.Text.Json;
using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Evidence;
using RiskMonitor.Storage.Database;
using RiskMonitor.Storage.Evidence;

namespace RiskMonitor.Storage.Access;

/// <summary>The table of users. A revoked user keeps its row.</summary>
internal sealed class UserStore(IDatabase database, TimeProvider time) : IUserStore
{
    private static readonly JsonSerializerOptions s_readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The order of the two entries about a key.</summary>
    private const int Added = 1;
    private const int Revoked = 2;

    private long _changes;

    public long Changes => Interlocked.Read(ref _changes);

    public async Task<IReadOnlyList<StoredUser>> ListAsync(CancellationToken cancellationToken) =>
        await database.ReadAsync(
            ReadPool.LookUp,
            db => db.ListAsync(
                "SELECT name, role, desks, clearance, key_hash, added_at, added_by, revoked_at, revoked_by FROM users ORDER BY name, added_at", User),
            cancellationToken);

    public async Task<StoredUser> AddAsync(RiskUser user, KeyHash key, string by, CancellationToken cancellationToken)
    {
        Demand(user);
        var stored = new StoredUser(user, key, time.GetUtcNow(), by);
        await ChangeAsync(
            async db =>
            {
                await database.Dialect.LockAsync(db, WriteLock.Users);
                await InsertAsync(db, stored);
                return true;
            },
            cancellationToken);
        return stored;
    }

    public async Task<StoredUser?> ReplaceAsync(RiskUser user, KeyHash key, string replaced, string by, CancellationToken cancellationToken)
    {
        Demand(user);
        var stored = new StoredUser(user, key, time.GetUtcNow(), by);
        var isReplaced = await ChangeAsync(
            async db =>
            {
                await database.Dialect.LockAsync(db, WriteLock.Users);
                if (!await EndAsync(db, "name = @Name AND key_id = @KeyId", new { user.Name, KeyId = replaced }, by))
                {
                    return false;
                }

                await InsertAsync(db, stored);
                return true;
            },
            cancellationToken);
        return isReplaced ? stored : null;
    }

    // At most one row of a name is not revoked.
    public Task<bool> RevokeAsync(string name, string by, CancellationToken cancellationToken) =>
        ChangeAsync(db => EndAsync(db, "name = @Name", new { Name = name }, by), cancellationToken);

    public Task<bool> RevokeKeyAsync(string keyId, string by, CancellationToken cancellationToken) =>
        ChangeAsync(db => EndAsync(db, "key_id = @KeyId", new { KeyId = keyId }, by), cancellationToken);

    private static void Demand(RiskUser user)
    {
        if (user.Problem() is { } problem)
        {
            throw new ArgumentException(problem, nameof(user));
        }
    }

    private async Task<bool> ChangeAsync(Func<DbSession, Task<bool>> change, CancellationToken cancellationToken)
    {
        var isChanged = await database.WriteAsync(change, cancellationToken);
        Interlocked.Increment(ref _changes);
        return isChanged;
    }

    private static async Task InsertAsync(DbSession db, StoredUser stored)
    {
        var (user, key) = (stored.User, stored.Key);
        var taken = await db.ListAsync("SELECT name FROM users WHERE revoked_at IS NULL", row => row.Text(0));
        if (taken.Find(name => UserName.Resemble(name, user.Name)) is { } twin)
        {
            throw new UserExistsException(user.Name, twin);
        }

        await db.ExecuteAsync(
            """
            INSERT INTO users (key_id, name, role, desks, clearance, key_hash, added_at, added_by)
            VALUES (@KeyId, @Name, @Role, @Desks, @Clearance, @KeyHash, @AddedAt, @AddedBy)
            """,
            new
            {
                key.KeyId,
                user.Name,
                Role = user.Role.Name(),
                Desks = user.Desks is null ? null : JsonSerializer.Serialize(user.Desks, s_readable),
                Clearance = user.Clearance.Name(),
                KeyHash = key.ToString(),
                AddedAt = stored.AddedAt.Stored(),
                stored.AddedBy,
            });
        await RecordAsync(db, key.KeyId, Added);
    }

    /// <returns>False: no such key is in force.</returns>
    private async Task<bool> EndAsync(DbSession db, string where, object parameters, string by)
    {
        var found = await db.ListAsync($"SELECT key_id FROM users WHERE {where} AND revoked_at IS NULL {database.Dialect.ForUpdate}", row => row.Text(0), parameters);
        if (found is not [var keyId, ..])
        {
            return false;
        }

        await db.ExecuteAsync(
            "UPDATE users SET revoked_at = @RevokedAt, revoked_by = @RevokedBy WHERE key_id = @KeyId",
            new { KeyId = keyId, RevokedAt = time.GetUtcNow().Stored(), RevokedBy = by });
        return await RecordAsync(db, keyId, Revoked);
    }

    private static async Task<bool> RecordAsync(DbSession db, string keyId, long ordinal)
    {
        await EvidenceDocuments.RecordAsync(db, EvidenceKinds.User, keyId, ordinal, ("row", EvidenceTable.Users, "key_id = @KeyId", new { KeyId = keyId }));
        return true;
    }

    private static StoredUser User(DbDataReader row)
    {
        var name = row.Text(0);
        return new StoredUser(
            new RiskUser(
                name,
                AccessNames.ParseRole(row.Text(1)) ?? throw Unknown(name, "role", row.Text(1)),
                row.StringOrNull(2) is { } desks ? JsonSerializer.Deserialize<string[]>(desks) : null,
                AccessNames.ParseClearance(row.Text(3)) ?? throw Unknown(name, "clearance", row.Text(3))),
            KeyHash.Parse(row.Text(4)) ?? throw Unknown(name, "key hash", "…"),
            row.Instant(5),
            row.Text(6),
            row.InstantOrNull(7),
            row.StringOrNull(8));
    }

    private static InvalidDataException Unknown(string name, string what, string value) =>
        new($"user '{name}' is stored with the {what} '{value}', which this program does not know: run the version that wrote it, or a newer one");
}
