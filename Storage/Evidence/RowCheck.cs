using System.Data.Common;
using System.Text.Json;
using RiskMonitor.Risk.Evidence;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.Evidence;

/// <summary>Compares the rows of the tables with what the entries say of them.</summary>
/// <param name="settled">Until then programs that keep no evidence may have written, ticks: rows from before are counted, not judged.</param>
/// <param name="began">The time of the first entry, ticks.</param>
internal sealed class RowCheck(RecordedRows recorded, EvidenceFindings findings, long settled, long began)
{
    private readonly List<(EvidenceTable Table, string Key, string Image, RecordedRow Recorded)> _changed = [];

    public Dictionary<string, long> Compared { get; } = [];

    public Dictionary<string, long> Before { get; } = [];

    /// <summary>Rows of no entry that are from before the first entry by their own times.</summary>
    public Dictionary<string, long> Old { get; } = [];

    public async Task RunAsync(DbSession db)
    {
        await CheckAsync(db, EvidenceTable.Alerts, "opened_at", row => row.Text(0), version: 1);
        await CheckAsync(db, EvidenceTable.Deliveries, "changed_at", row => row.Text(0));
        await CheckAsync(
            db, EvidenceTable.Limits,
            "(SELECT changed_at FROM risk_limit_history WHERE risk_limit_history.limit_id = risk_limits.limit_id AND risk_limit_history.version = risk_limits.version)",
            row => row.Text(0));
        await CheckAsync(db, EvidenceTable.LimitHistory, "changed_at", row => RecordedRows.Key(row.Text(0), row.GetInt64(14)));
        await CheckAsync(db, EvidenceTable.LimitSettings, "0", row => row.GetInt64(0).ToString(System.Globalization.CultureInfo.InvariantCulture));
        await CheckAsync(db, EvidenceTable.Endpoints, "changed_at", row => row.Text(0));
        await CheckAsync(db, EvidenceTable.AlertGroups, "created_at", row => row.Text(0), removedBefore: recorded.GroupsPrunedBefore);
        await CheckAsync(db, EvidenceTable.Users, "coalesce(revoked_at, added_at)", row => row.Text(0));
        foreach (var (table, key, image, row) in _changed)
        {
            findings.Add(
                EvidenceProblems.RowChanged, row.Chain, row.Sequence, table.Name, row.Subject,
                $"the row of {Named(table, key)} is not as it was written: {await DifferenceAsync(db, table, image, row)}");
        }
    }

    /// <param name="time">SQL for the time of the row's last change as far as the row tells, ticks.</param>
    /// <param name="version">The column that counts the writes of the row, where it is compared.</param>
    /// <param name="removedBefore">Rows that may be removed at a time before this may be gone, ticks.</param>
    private async Task CheckAsync(DbSession db, EvidenceTable table, string time, Func<DbDataReader, string> key, int? version = null, long removedBefore = 0)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        await PagedRows.EachAsync(db, $"{table.Selected}, {time}", table.Name, table.Columns[0], row =>
        {
            var id = key(row);
            seen.Add(id);
            var at = row.IsDBNull(table.Columns.Count) ? long.MaxValue : row.GetInt64(table.Columns.Count);
            Check(table, id, table.Image(row), at, version is { } column ? row.GetInt64(column) : null);
        });
        foreach (var ((_, id), row) in recorded.Rows.Where(row => row.Key.Table == table.Name && row.Value.Digest is not null && !(row.Value.Until < removedBefore) && !seen.Contains(row.Key.Key)))
        {
            findings.Add(EvidenceProblems.RowDeleted, row.Chain, row.Sequence, table.Name, row.Subject, $"the row of {Named(table, id)} is gone");
        }
    }

    private void Check(EvidenceTable table, string key, string image, long at, long? version)
    {
        if (!recorded.Rows.TryGetValue((table.Name, key), out var row))
        {
            if (at < settled)
            {
                Count(Before, table);
                if (at < began)
                {
                    Count(Old, table);
                }
            }
            else
            {
                findings.Add(EvidenceProblems.RowInserted, null, null, table.Name, key, $"no entry records the row of {Named(table, key)}");
            }

            return;
        }

        Count(Compared, table);
        if (row.Digest is null)
        {
            findings.Add(EvidenceProblems.RowInserted, row.Chain, row.Sequence, table.Name, row.Subject, $"the row of {Named(table, key)} was removed, and is there again");
        }
        else if (row.Digest != RecordedRows.Digest(image))
        {
            // A program that keeps no evidence wrote it after the last entry, while both versions ran.
            var isLater = version is { } written ? written > row.Ordinal : at > row.At;
            if (isLater && row.At < settled && at < settled)
            {
                Count(Before, table);
            }
            else if (_changed.Count < EvidenceCheck.MostFindings)
            {
                _changed.Add((table, key, image, row));
            }
        }
    }

    private static async Task<string> DifferenceAsync(DbSession db, EvidenceTable table, string image, RecordedRow row)
    {
        var documents = await db.ListAsync(
            "SELECT document FROM evidence WHERE chain = @Chain AND sequence = @Sequence", found => found.Text(0), new { row.Chain, row.Sequence });
        try
        {
            using var entry = JsonDocument.Parse(documents[0]);
            using var now = JsonDocument.Parse(image);
            var written = entry.RootElement.GetProperty(table == EvidenceTable.LimitHistory ? "history" : "row");
            var columns = now.RootElement.EnumerateObject()
                .Where(column => !written.TryGetProperty(column.Name, out var was) || was.GetRawText() != column.Value.GetRawText())
                .Select(column => $"{column.Name} is {column.Value.GetRawText()} and was written as {(written.TryGetProperty(column.Name, out var was) ? was.GetRawText() : "nothing")}");
            return string.Join("; ", columns);
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentOutOfRangeException)
        {
            return "the entry cannot be read";
        }
    }

    private static string Named(EvidenceTable table, string key) => table.Name switch
    {
        "alerts" => $"alert {key}",
        "alert_deliveries" => $"delivery {key}",
        "risk_limits" or "risk_limit_history" => $"limit {key}",
        "endpoints" => $"endpoint {key}",
        "alert_groups" => $"list {key}",
        "users" => $"key {key}",
        _ => table.Name,
    };

    private static void Count(Dictionary<string, long> counts, EvidenceTable table) => counts[table.Name] = counts.GetValueOrDefault(table.Name) + 1;
}
