using System.Text.Json;
using RiskMonitor.Risk.Evidence;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.Evidence;

/// <summary>
/// How many rows the tables had when the first chain began, beside those that its own transaction wrote. Rows of no entry may be as old as that; more of them are not.
/// </summary>
internal sealed class RowsAtOpening
{
    public const string Events = "alert_events";

    private const string Property = "rows";

    private static readonly IReadOnlyList<string> s_tables =
    [
        EvidenceTable.Alerts.Name, Events, EvidenceTable.Deliveries.Name, EvidenceTable.Limits.Name, EvidenceTable.LimitHistory.Name, EvidenceTable.LimitSettings.Name,
        EvidenceTable.Endpoints.Name, EvidenceTable.Users.Name, EvidenceTable.AlertGroups.Name, EvidenceTable.AuditLog.Name,
    ];

    private readonly Dictionary<string, Opening> _openings = new(StringComparer.Ordinal);

    /// <summary>Counts the rows for the first entry of all; empty where there are entries already.</summary>
    public static async Task<IReadOnlyDictionary<string, long>> CountAsync(DbSession db)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        if ((await db.ListAsync("SELECT 1 FROM evidence LIMIT 1", row => row.GetInt64(0))).Count == 0)
        {
            foreach (var table in s_tables)
            {
                counts[table] = await db.ScalarAsync<long>($"SELECT count(*) FROM {table}");
            }
        }

        return counts;
    }

    public static void Write(Utf8JsonWriter json, IReadOnlyDictionary<string, long> counts)
    {
        if (counts.Count > 0)
        {
            json.WriteStartObject(Property);
            foreach (var (table, rows) in counts)
            {
                json.WriteNumber(table, rows);
            }

            json.WriteEndObject();
        }
    }

    /// <summary>Takes what an entry says.</summary>
    public void Next(EvidenceEntry entry, JsonElement root)
    {
        if (entry is { Sequence: 1, Kind: EvidenceKinds.Opened })
        {
            if (root.TryGetProperty(Property, out var rows))
            {
                _openings[entry.Chain] = new Opening(entry.At, rows.EnumerateObject().ToDictionary(table => table.Name, table => table.Value.GetInt64(), StringComparer.Ordinal), []);
            }
        }
        else if (_openings.TryGetValue(entry.Chain, out var opening) && entry.At == opening.At)
        {
            foreach (var (table, key) in Recorded(entry, root).Where(opening.Recorded.Add))
            {
                opening.Rows[table] = opening.Rows.GetValueOrDefault(table) - 1;
            }
        }
    }

    /// <summary>Reports tables that have more old rows than there can be.</summary>
    /// <param name="began">The first entry of the oldest chain.</param>
    /// <param name="old">Rows of no entry, by table, that are from before it by their own times.</param>
    public void Check(EvidenceEntry began, IEnumerable<KeyValuePair<string, long>> old, EvidenceFindings findings)
    {
        if (!_openings.TryGetValue(began.Chain, out var opening))
        {
            return;
        }

        foreach (var (table, rows) in old)
        {
            var most = Math.Max(0, opening.Rows.GetValueOrDefault(table));
            if (rows > most)
            {
                findings.Add(
                    EvidenceProblems.RowInserted, began.Chain, began.Sequence, table, null,
                    FormattableString.Invariant($"{rows} rows that no entry records are from before the first entry by their own times, and there were {most} such rows when it was written"));
            }
        }
    }

    /// <summary>The rows that an entry records and that are there, each by its table and a key.</summary>
    private static IEnumerable<(string Table, string Key)> Recorded(EvidenceEntry entry, JsonElement root)
    {
        var row = root.TryGetProperty("row", out var image) && image.ValueKind == JsonValueKind.Object;
        switch (entry.Kind)
        {
            case EvidenceKinds.Alert or EvidenceKinds.Ack or EvidenceKinds.Snooze or EvidenceKinds.Assign:
                return [(EvidenceTable.Alerts.Name, entry.Subject), .. root.GetProperty("events").EnumerateArray().Select((_, i) => (Events, FormattableString.Invariant($"{entry.Sequence}:{i}")))];
            case EvidenceKinds.Delivery when row:
                return [(EvidenceTable.Deliveries.Name, image.GetProperty("delivery_id").GetString()!)];
            case EvidenceKinds.Limit:
                var history = (EvidenceTable.LimitHistory.Name, RecordedRows.Key(entry.Subject, entry.Ordinal));
                return row ? [(EvidenceTable.Limits.Name, entry.Subject), history] : [history];
            case EvidenceKinds.Access:
                return root.GetProperty("rows").EnumerateArray().Select((_, i) => (EvidenceTable.AuditLog.Name, FormattableString.Invariant($"{entry.Sequence}:{i}")));
            case EvidenceKinds.LimitSettings when row:
                return [(EvidenceTable.LimitSettings.Name, entry.Subject)];
            case EvidenceKinds.Endpoint when row:
                return [(EvidenceTable.Endpoints.Name, entry.Subject)];
            case EvidenceKinds.User when row:
                return [(EvidenceTable.Users.Name, entry.Subject)];
            case EvidenceKinds.AlertGroup when row:
                return [(EvidenceTable.AlertGroups.Name, entry.Subject)];
            default:
                return [];
        }
    }

    /// <param name="Recorded">What its transaction wrote; counted once, however often it was written.</param>
    private sealed record Opening(DateTimeOffset At, Dictionary<string, long> Rows, HashSet<(string Table, string Key)> Recorded);
}
