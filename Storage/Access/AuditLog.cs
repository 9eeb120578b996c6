using RiskMonitor.Risk.Access;
using RiskMonitor.Storage.Database;
using RiskMonitor.Storage.Evidence;

namespace RiskMonitor.Storage.Access;

/// <summary>The table of calls.</summary>
internal sealed class AuditLog(IDatabase database) : IAuditLog
{
    /// <summary>Keeps other writes from waiting long behind a removal.</summary>
    private const int PrunedAtATime = 2_000;

    public Task AddAsync(IReadOnlyList<AuditEntry> entries, CancellationToken cancellationToken)
    {
        var rows = entries.Select(entry => new
        {
            At = entry.At.Stored(),
            entry.User,
            entry.Address,
            entry.Channel,
            entry.Tool,
            entry.Scope,
            entry.Clearance,
            entry.Outcome,
            entry.RequestId,
            TookUs = (long)entry.Took.TotalMicroseconds,
            entry.Arguments,
            entry.Desk,
            entry.Calls,
        }).ToList();
        var evidence = EvidenceDocuments.Access(entries);
        return database.WriteAsync(
            db =>
            {
                db.Record(evidence);
                return db.ExecuteAsync(
                    """
                    INSERT INTO audit_log (at, user, address, channel, tool, scope, clearance, outcome, request_id, took_us, arguments, desk, calls)
                    VALUES (@At, @User, @Address, @Channel, @Tool, @Scope, @Clearance, @Outcome, @RequestId, @TookUs, @Arguments, @Desk, @Calls)
                    """,
                    rows);
            },
            cancellationToken);
    }

    public async Task<IReadOnlyList<AuditEntry>> ListAsync(string? user, string? tool, int atMost, CancellationToken cancellationToken) =>
        await database.ReadAsync(
            ReadPool.Query,
            db => db.ListAsync(
                """
                SELECT at, user, address, channel, tool, scope, clearance, outcome, request_id, took_us, arguments, desk, calls FROM audit_log
                WHERE (@User IS NULL OR user = @User) AND (@Tool IS NULL OR tool = @Tool)
                ORDER BY n DESC LIMIT @AtMost
                """,
                row => new AuditEntry(
                    row.Instant(0),
                    row.StringOrNull(1),
                    row.StringOrNull(2),
                    row.Text(3),
                    row.Text(4),
                    row.StringOrNull(5),
                    row.StringOrNull(6),
                    row.Text(7),
                    row.Text(8),
                    TimeSpan.FromMicroseconds(row.GetInt64(9)),
                    row.Text(10),
                    row.StringOrNull(11),
                    row.GetInt64(12)),
                new { User = user, Tool = tool, AtMost = atMost }),
            cancellationToken);

    public Task<int> PruneAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async db =>
            {
                // Read first: MySQL deletes from no table that the same statement reads.
                var through = await db.ScalarAsync<long?>(
                    "SELECT max(n) FROM (SELECT n FROM audit_log ORDER BY n LIMIT @AtMost) AS oldest", new { AtMost = PrunedAtATime });
                var removed = through is null
                    ? 0
                    : await db.ExecuteAsync("DELETE FROM audit_log WHERE n <= @Through AND at < @Before", new { Through = through, Before = before.Stored() });
                if (removed > 0)
                {
                    db.Record(EvidenceDocuments.Pruned(EvidenceTable.AuditLog.Name, before, removed));
                }

                return removed;
            },
            cancellationToken);
}
