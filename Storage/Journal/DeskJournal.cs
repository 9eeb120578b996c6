using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Topics;
using RiskMonitor.Storage.Codec;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.Journal;

/// <summary>The journal's tables: opens desks for their writers, and keeps the outbox.</summary>
/// <param name="topic">Writes the messages of the topic; null: this process stores none.</param>
internal sealed partial class DeskJournal(IDatabase database, IJournalTables tables, ILogger<DeskJournal> logger, TopicComposer? topic = null) : IDeskJournal, IDeskJournalReader
{
    private const int NamesAtATime = 500;

    /// <summary>Alerts whose report cannot be read, so that each is logged once.</summary>
    private readonly ConcurrentDictionary<string, bool> _unreadable = new(StringComparer.Ordinal);

    public async Task<OpenedDesk> OpenAsync(string desk, CancellationToken cancellationToken)
    {
        var loaded = await database.ReadAsync(ReadPool.Activation, db => DeskRows.LoadAsync(database, db, desk), cancellationToken);
        return new OpenedDesk(loaded.Desk, new DeskJournalWriter(tables, new JournalFence(desk, loaded.HeadSequence, loaded.HeadWriter, tables.NextWriter()), topic));
    }

    public async Task<IReadOnlyList<DeskHead>> DesksAsync(CancellationToken cancellationToken) =>
        await database.ReadAsync(
            ReadPool.LookUp,
            db => db.ListAsync(
                "SELECT desk, limits_version, next_validity FROM desks ORDER BY desk",
                row => new DeskHead(
                    row.Text(0), row.GetInt64(1), Unreadable.TryRead(() => row.InstantOrNull(2), out var instant, out _) ? instant : null)),
            cancellationToken);

    public Task<long> NewestDeskAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(ReadPool.LookUp, db => db.ScalarAsync<long>(database.Dialect.NewestDesk), cancellationToken);

    public async Task<IReadOnlyDictionary<string, JournalHead>> HeadsAsync(IReadOnlyCollection<string> desks, CancellationToken cancellationToken)
    {
        var heads = new Dictionary<string, JournalHead>(StringComparer.Ordinal);
        foreach (var some in desks.Chunk(NamesAtATime))
        {
            // Upkeep reads one after the other, and some of them are long. How long old figures may be shown depends on this answer.
            var rows = await database.ReadAsync(
                ReadPool.LookUp,
                db => db.ListAsync(
                    "SELECT desk, head_sequence, head_writer FROM desks WHERE desk IN @Desks",
                    row => (Desk: row.Text(0), Head: new JournalHead(row.GetInt64(1), row.GetInt64(2))),
                    new { Desks = some }),
                cancellationToken);
            foreach (var (desk, head) in rows)
            {
                heads.Add(desk, head);
            }
        }

        return heads;
    }

    public Task<UnsentReports> UnsentAsync(DateTimeOffset? recordedBefore, UnsentCursor? after, int atMost, CancellationToken cancellationToken) =>
        database.ReadAsync(ReadPool.LookUp, db => UnsentAsync(db, recordedBefore?.UtcTicks ?? long.MaxValue, after, atMost), cancellationToken);

    public Task SentAsync(Guid alertId, long sequence, CancellationToken cancellationToken) =>
        database.WriteAsync(
            db => db.ExecuteAsync("DELETE FROM outbox WHERE alert_id = @AlertId AND sequence <= @Sequence", new { AlertId = alertId.Stored(), Sequence = sequence }),
            cancellationToken);

    /// <summary>Passes over a report that cannot be read, so that the reports behind it are sent.</summary>
    private async Task<UnsentReports> UnsentAsync(DbSession db, long before, UnsentCursor? after, int atMost)
    {
        var reports = new List<EpisodeReport>();
        var (at, id) = (after?.RecordedAt.UtcTicks ?? long.MinValue, after?.AlertId ?? "");
        while (reports.Count < atMost)
        {
            var asked = atMost - reports.Count;
            var rows = await db.ListAsync(
                """
                SELECT recorded_at, alert_id, report, desk_id, sequence FROM outbox
                WHERE recorded_at < @Before AND recorded_at >= @At AND (recorded_at > @At OR alert_id > @Id) ORDER BY recorded_at, alert_id LIMIT @Asked
                """,
                row => (At: row.GetInt64(0), AlertId: row.Text(1), Bytes: row.IsDBNull(2) ? [] : row.Blob(2), DeskId: row.GetInt64(3), Sequence: row.GetInt64(4)),
                new { Before = before, At = at, Id = id, Asked = asked });
            foreach (var row in rows)
            {
                (at, id) = (row.At, row.AlertId);
                if (Unreadable.TryRead(() => JournalCodec.DecodeReport(row.Bytes), out var report, out var problem)
                    || (await FromJournalAsync(db, row.DeskId, row.Sequence, row.AlertId) is { } kept && (report = kept) is not null))
                {
                    reports.Add(report);
                }
                else if (_unreadable.TryAdd(row.AlertId, true))
                {
                    LogReportUnreadable(row.AlertId, problem);
                }
            }

            if (rows.Count < asked)
            {
                return new UnsentReports(reports, Next: null);
            }
        }

        return new UnsentReports(reports, new UnsentCursor(new DateTimeOffset(at, TimeSpan.Zero), id));
    }

    /// <summary>The record of the same transaction holds the report, too.</summary>
    /// <returns>Null where the record is not there, or cannot be read either.</returns>
    private static async Task<EpisodeReport?> FromJournalAsync(DbSession db, long deskId, long sequence, string alertId)
    {
        var records = await db.ListAsync(
            "SELECT record FROM journal WHERE desk_id = @DeskId AND sequence = @Sequence",
            row => Unreadable.TryRead(() => JournalCodec.DecodeRecord(row.Blob(0)), out var record, out _) ? record : null,
            new { DeskId = deskId, Sequence = sequence });
        return records is [{ } found] ? found.Outbox.SingleOrDefault(report => report.Episode.AlertId.Stored() == alertId) : null;
    }
}
