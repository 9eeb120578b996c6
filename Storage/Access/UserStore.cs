using System.Data.Common;
using System.Text.Encodings.Web;
using System.Text.Json;
using RiskMonitor.Risk.Access;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.Access;

/// <summary>The table of users. A revoked user keeps its row.</summary>
internal sealed class UserStore(IDatabase database, TimeProvider time) : IUserStore
{
    private static readonly JsonSerializerOptions s_readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private long _changes;

    public long Changes => Interlocked.Read(ref _changes);

    public async Task<IReadOnlyList<StoredUser>> ListAsync(CancellationToken cancellationToken) =>
        await database.ReadAsync(
            ReadPool.LookUp,
            db => db.ListAsync(
                "SELECT name, role, desks, clearance, key_hash, added_at, added_by, revoked_at, revoked_by FROM users ORDER BY name, added_at", User),
            cancellationToken);

    public async Task AddAsync(RiskUser user, KeyHash key, string by, CancellationToken cancellationToken)
    {
        if (user.Problem() is { } problem)
        {
            throw new ArgumentException(problem, nameof(user));
        }

        await database.WriteAsync(
            async db =>
            {
                await database.Dialect.LockAsync(db, WriteLock.Users);
                var taken = await db.ListAsync("SELECT name FROM users WHERE revoked_at IS NULL", row => row.Text(0));
                if (taken.Find(name => UserName.Resemble(name, user.Name)) is { } twin)
                {
                    throw new UserExistsException(user.Name, twin);
                }

                return await db.ExecuteAsync(
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
                        AddedAt = time.GetUtcNow().Stored(),
                        AddedBy = by,
                    });
            },
            cancellationToken);
        Interlocked.Increment(ref _changes);
    }

    public async Task<bool> RevokeAsync(string name, string by, CancellationToken cancellationToken)
    {
        var revoked = await database.WriteAsync(
            db => db.ExecuteAsync(
                "UPDATE users SET revoked_at = @RevokedAt, revoked_by = @RevokedBy WHERE name = @Name AND revoked_at IS NULL",
                new { Name = name, RevokedAt = time.GetUtcNow().Stored(), RevokedBy = by }),
            cancellationToken);
        Interlocked.Increment(ref _changes);
        return revoked > 0;
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
