using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Storage.Database;
using RiskMonitor.Storage.Journal;

namespace RiskMonitor.Storage.Alerts;

/// <summary>Reads the newest records of a desk's journal, each with the totals of the one before it.</summary>
internal sealed class DeskChanges(IDatabase database) : IDeskChanges
{
    /// <summary>A larger record has thousands of changes: reading it would take longer than the reader waits, and it explains no breach.</summary>
    private const int MostRecordBytes = 256 * 1024;

    public async Task<IReadOnlyList<DeskChange>> LastAsync(string desk, long through, int atMost, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            ReadPool.Query,
            db => db.ListAsync(
                """
                SELECT sequence, CASE WHEN length(record) <= @MostBytes THEN record END FROM journal
                WHERE desk_id = (SELECT desk_id FROM desks WHERE desk = @Desk) AND sequence <= @Through ORDER BY sequence DESC LIMIT @AtMost
                """,
                row => (Sequence: row.GetInt64(0), Record: row.IsDBNull(1) ? null : row.Blob(1)),
                new { Desk = desk, Through = through, MostBytes = MostRecordBytes, AtMost = atMost + 1 }),
            cancellationToken);
        var changes = new List<DeskChange>(atMost);
        JournalRecord? later = null;
        foreach (var (sequence, bytes) in rows)
        {
            if (bytes is null || (later is not null && later.Sequence != sequence + 1))
            {
                return changes;
            }

            var record = StoredRecord.Decode(desk, sequence, bytes);
            if (later is not null)
            {
                changes.Add(DeskChange.Of(later, record.Totals));
            }

            later = record;
        }

        // Before a desk's first record its sums are zero.
        if (later?.Sequence == 1 && changes.Count < atMost)
        {
            changes.Add(DeskChange.Of(later, default(Totals)));
        }

        return changes;
    }
}
