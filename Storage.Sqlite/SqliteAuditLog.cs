using RiskMonitor.Risk.Access;

namespace RiskMonitor.Storage.Sqlite;

internal sealed class SqliteAuditLog(SqliteStorage storage) : IAuditLog
{
    /// <summary>So that no other write waits long behind a removal.</summary>
    private const int PrunedAtATime = 2_000;

    public Task AddAsync(IReadOnlyList<AuditEntry> entries, CancellationToken cancellationToken) =>
        storage.WriteAsync(session => Add(session, entries), cancellationToken);

    public async Task<IReadOnlyList<AuditEntry>> ListAsync(string? user, string? tool, int atMost, CancellationToken cancellationToken) =>
        await storage.ReadAsync(
            ReadPool.Query,
            session => session.List(
                """
                SELECT at, user, address, channel, tool, scope, clearance, outcome, request_id, took_us, arguments, desk, calls FROM audit_log
                WHERE (?1 IS NULL OR user = ?1) AND (?2 IS NULL OR tool = ?2)
                ORDER BY n DESC LIMIT ?3
                """,
                row => new AuditEntry(
                    row.Instant(0),
                    row.StringOrNull(1),
                    row.StringOrNull(2),
                    row.GetString(3),
                    row.GetString(4),
                    row.StringOrNull(5),
                    row.StringOrNull(6),
                    row.GetString(7),
                    row.GetString(8),
                    TimeSpan.FromMicroseconds(row.GetInt64(9)),
                    row.GetString(10),
                    row.StringOrNull(11),
                    row.GetInt64(12)),
                user,
                tool,
                atMost),
            cancellationToken);

    public Task<int> PruneAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        storage.WriteAsync(
            session => session.Execute(
                "DELETE FROM audit_log WHERE n IN (SELECT n FROM audit_log ORDER BY n LIMIT ?2) AND at < ?1", before.Stored(), PrunedAtATime),
            cancellationToken);

    private static int Add(SqliteSession session, IReadOnlyList<AuditEntry> entries)
    {
        foreach (var entry in entries)
        {
            session.Execute(
                """
                INSERT INTO audit_log (at, user, address, channel, tool, scope, clearance, outcome, request_id, took_us, arguments, desk, calls)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
                """,
                entry.At.Stored(),
                entry.User,
                entry.Address,
                entry.Channel,
                entry.Tool,
                entry.Scope,
                entry.Clearance,
                entry.Outcome,
                entry.RequestId,
                (long)entry.Took.TotalMicroseconds,
                entry.Arguments,
                entry.Desk,
                entry.Calls);
        }

        return entries.Count;
    }
}
