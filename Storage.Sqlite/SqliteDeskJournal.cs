using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Storage.Codec;
using RiskMonitor.Storage.Database;
using RiskMonitor.Storage.Journal;

namespace RiskMonitor.Storage.Sqlite;

/// <summary>The journal in SQLite: opens desks for their writers, and keeps the outbox.</summary>
internal sealed partial class SqliteDeskJournal(SqliteStorage storage, IJournalTables tables, ILogger<SqliteDeskJournal> logger) : IDeskJournal, IDeskJournalReader
{
    /// <summary>Alerts whose report cannot be read, so that each is logged once.</summary>
    private readonly ConcurrentDictionary<string, bool> _unreadable = new(StringComparer.Ordinal);

    public async Task<OpenedDesk> OpenAsync(string desk, CancellationToken cancellationToken)
    {
        var loaded = await storage.ReadAsync(ReadPool.Activation, session => session.InOneSnapshot(snapshot => SqliteDesk.Load(snapshot, desk)), cancellationToken);
        return new OpenedDesk(loaded.Desk, new DeskJournalWriter(tables, new JournalFence(desk, loaded.HeadSequence, loaded.HeadWriter)));
    }

    public async Task<IReadOnlyList<DeskHead>> DesksAsync(CancellationToken cancellationToken) =>
        await storage.ReadAsync(
            ReadPool.LookUp,
            session => session.List(
                "SELECT desk, limits_version, next_validity FROM desks ORDER BY desk",
                row => new DeskHead(
                    row.GetString(0), row.GetInt64(1), Unreadable.TryRead(() => row.InstantOrNull(2), out var instant, out _) ? instant : null)),
            cancellationToken);

    public Task<long> NewestDeskAsync(CancellationToken cancellationToken) =>
        storage.ReadAsync(ReadPool.LookUp, session => (long)session.Scalar("SELECT coalesce(max(desk_id), 0) FROM desks")!, cancellationToken);

    public async Task<IReadOnlyList<EpisodeReport>> UnsentAsync(DateTimeOffset? recordedBefore, int atMost, CancellationToken cancellationToken) =>
        await storage.ReadAsync(
            ReadPool.LookUp,
            session => session.InOneSnapshot(snapshot => Unsent(snapshot, recordedBefore?.UtcTicks ?? long.MaxValue, atMost)),
            cancellationToken);

    public Task SentAsync(Guid alertId, long sequence, CancellationToken cancellationToken) =>
        storage.WriteAsync(
            session => session.Execute("DELETE FROM outbox WHERE alert_id = ?1 AND sequence <= ?2", alertId.Stored(), sequence),
            cancellationToken);

    /// <summary>Passes over a report that cannot be read, so that the reports behind it are sent.</summary>
    private List<EpisodeReport> Unsent(SqliteSession session, long before, int atMost)
    {
        var reports = new List<EpisodeReport>();
        var (at, id) = (long.MinValue, "");
        while (reports.Count < atMost)
        {
            var asked = atMost - reports.Count;
            var rows = session.List(
                """
                SELECT recorded_at, CAST(alert_id AS TEXT), report, desk_id, sequence FROM outbox
                WHERE recorded_at < ?1 AND (recorded_at, alert_id) > (?2, ?3) ORDER BY recorded_at, alert_id LIMIT ?4
                """,
                row => (At: row.GetInt64(0), AlertId: row.GetString(1), Bytes: row.IsDBNull(2) ? [] : row.Blob(2), DeskId: row.GetInt64(3), Sequence: row.GetInt64(4)),
                before,
                at,
                id,
                asked);
            foreach (var row in rows)
            {
                (at, id) = (row.At, row.AlertId);
                if (Unreadable.TryRead(() => JournalCodec.DecodeReport(row.Bytes), out var report, out var problem)
                    || Unreadable.TryRead(() => FromJournal(session, row.DeskId, row.Sequence, row.AlertId), out report, out _))
                {
                    reports.Add(report!);
                }
                else if (_unreadable.TryAdd(row.AlertId, true))
                {
                    LogReportUnreadable(row.AlertId, problem);
                }
            }

            if (rows.Count < asked)
            {
                break;
            }
        }

        return reports;
    }

    /// <summary>The record of the same transaction holds the report, too.</summary>
    private static EpisodeReport FromJournal(SqliteSession session, long deskId, long sequence, string alertId)
    {
        var bytes = session.List("SELECT record FROM journal WHERE desk_id = ?1 AND sequence = ?2", row => row.Blob(0), deskId, sequence).Single();
        return JournalCodec.DecodeRecord(bytes).Outbox.Single(report => report.Episode.AlertId.Stored() == alertId);
    }
}
