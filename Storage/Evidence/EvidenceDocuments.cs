using System.Text.Json;
using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Evidence;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.Evidence;

/// <summary>What entries say. Those about rows have the row as it was written as <c>row</c>; null means that it was removed.</summary>
internal static class EvidenceDocuments
{
    /// <summary>Begins a chain: names the heads of the others, and how many rows the tables had, if there is no other.</summary>
    public static EvidenceDraft Opened(string chain, IEnumerable<EvidenceHead> heads, IReadOnlyDictionary<string, long> rows) => Heads(EvidenceKinds.Opened, chain, heads, rows);

    /// <summary>Names the heads of chains.</summary>
    public static EvidenceDraft Heads(string chain, IEnumerable<EvidenceHead> heads) => Heads(EvidenceKinds.Heads, chain, heads, new Dictionary<string, long>());

    private static EvidenceDraft Heads(string kind, string chain, IEnumerable<EvidenceHead> heads, IReadOnlyDictionary<string, long> rows) => EvidenceDraft.Of(kind, chain, 0, json =>
    {
        json.WriteStartArray("heads");
        foreach (var head in heads)
        {
            json.WriteStringValue(head.ToString());
        }

        json.WriteEndArray();
        RowsAtOpening.Write(json, rows);
    });

    /// <summary>Rows of the audit log that are written together, each by its request, its time and the hash of its image.</summary>
    public static EvidenceDraft Access(IReadOnlyList<AuditEntry> entries) => EvidenceDraft.Of(EvidenceKinds.Access, EvidenceTable.AuditLog.Name, 0, json =>
    {
        json.WriteStartArray("rows");
        foreach (var entry in entries)
        {
            json.WriteStartArray();
            json.WriteStringValue(entry.RequestId);
            json.WriteNumberValue(entry.At.Stored());
            json.WriteStringValue(AlertDocument.Sha256Of(Image(entry)));
            json.WriteEndArray();
        }

        json.WriteEndArray();
    });

    /// <summary>Rows of a table older than an instant were removed.</summary>
    public static EvidenceDraft Pruned(string table, DateTimeOffset before, int removed) => EvidenceDraft.Of(EvidenceKinds.Pruned, table, 0, json =>
    {
        json.WriteNumber("before", before.Stored());
        json.WriteNumber("removed", removed);
    });

    /// <summary>The oldest entries of a chain were removed.</summary>
    /// <param name="last">The last of them, which the oldest one that stays names as the entry before it.</param>
    public static EvidenceDraft Pruned(EvidenceHead last, DateTimeOffset before, long removed) => EvidenceDraft.Of(EvidenceKinds.Pruned, last.Chain, 0, json =>
    {
        json.WriteString("through", last.ToString());
        json.WriteNumber("before", before.Stored());
        json.WriteNumber("removed", removed);
    });

    /// <summary>Records a row as it is now, within the transaction that has written it.</summary>
    public static async Task RecordAsync(DbSession db, string kind, string subject, long ordinal, params (string Name, EvidenceTable Table, string Where, object Parameters)[] rows)
    {
        var images = new List<(string Name, string Image)>(rows.Length);
        foreach (var (name, table, where, parameters) in rows)
        {
            images.Add((name, await ImageAsync(db, table, where, parameters)));
        }

        db.Record(EvidenceDraft.Of(kind, subject, ordinal, json => images.ForEach(row => WriteRow(json, row.Name, row.Image))));
    }

    /// <returns>The row as it is now, as JSON; null of JSON where there is none.</returns>
    public static async Task<string> ImageAsync(DbSession db, EvidenceTable table, string where, object parameters) =>
        (await db.ListAsync($"SELECT {table.Selected} FROM {table.Name} WHERE {where}", table.Image, parameters)).FirstOrDefault() ?? "null";

    public static void WriteRow(Utf8JsonWriter json, string name, string image)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(image);
    }

    /// <summary>An entry of the audit log as its row is stored, in the order of the columns.</summary>
    private static string Image(AuditEntry entry)
    {
        object?[] values =
        [
            entry.RequestId, entry.At.Stored(), entry.User, entry.Address, entry.Channel, entry.Tool, entry.Scope, entry.Clearance, entry.Outcome,
            (long)entry.Took.TotalMicroseconds, entry.Arguments, entry.Desk, entry.Calls,
        ];
        return EvidenceTable.AuditLog.Image(values);
    }
}
