using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using RiskMonitor.Risk.Access;

namespace RiskMonitor.Storage.Sqlite;

internal sealed class SqliteUserStore(SqliteStorage storage, TimeProvider time) : IUserStore
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private long _changes;

    public long Changes => Interlocked.Read(ref _changes);

    public async Task<IReadOnlyList<StoredUser>> ListAsync(CancellationToken cancellationToken) =>
        await storage.ReadAsync(
            ReadPool.LookUp,
            session => session.List(
                "SELECT name, role, desks, clearance, key_hash, added_at, added_by, revoked_at, revoked_by FROM users ORDER BY name, added_at",
                User),
            cancellationToken);

    public async Task AddAsync(RiskUser user, KeyHash key, string by, CancellationToken cancellationToken)
    {
        if (user.Problem() is { } problem)
        {
            throw new ArgumentException(problem, nameof(user));
        }

        await storage.WriteAsync(
            session =>
            {
                if (session.List("SELECT name FROM users WHERE revoked_at IS NULL", row => row.GetString(0)).Find(taken => UserName.Resemble(taken, user.Name)) is { } twin)
                {
                    throw new UserExistsException(user.Name, twin);
                }

                return session.Execute(
                    "INSERT INTO users (key_id, name, role, desks, clearance, key_hash, added_at, added_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                    key.KeyId,
                    user.Name,
                    user.Role.Name(),
                    user.Desks is null ? null : JsonSerializer.Serialize(user.Desks, Readable),
                    user.Clearance.Name(),
                    key.ToString(),
                    time.GetUtcNow().Stored(),
                    by);
            },
            cancellationToken);
        Interlocked.Increment(ref _changes);
    }

    public async Task<bool> RevokeAsync(string name, string by, CancellationToken cancellationToken)
    {
        var revoked = await storage.WriteAsync(
            session => session.Execute(
                "UPDATE users SET revoked_at = ?2, revoked_by = ?3 WHERE name = ?1 AND revoked_at IS NULL", name, time.GetUtcNow().Stored(), by),
            cancellationToken);
        Interlocked.Increment(ref _changes);
        return revoked > 0;
    }

    private static StoredUser User(SqliteDataReader row)
    {
        var name = row.GetString(0);
        return new StoredUser(
            new RiskUser(
                name,
                AccessNames.ParseRole(row.GetString(1)) ?? throw Unknown(name, "role", row.GetString(1)),
                row.StringOrNull(2) is { } desks ? JsonSerializer.Deserialize<string[]>(desks) : null,
                AccessNames.ParseClearance(row.GetString(3)) ?? throw Unknown(name, "clearance", row.GetString(3))),
            KeyHash.Parse(row.GetString(4)) ?? throw Unknown(name, "key hash", "…"),
            row.Instant(5),
            row.GetString(6),
            row.InstantOrNull(7),
            row.StringOrNull(8));
    }

    private static InvalidDataException Unknown(string name, string what, string value) =>
        new($"user '{name}' is stored with the {what} '{value}', which this program does not know: run the version that wrote it, or a newer one");
}
