using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using RiskMonitor.Risk.Evidence;

namespace RiskMonitor.Storage.Evidence;

/// <summary>What the entries say of rows: of each row its last state, of each alert its events, and each row of the audit log.</summary>
internal sealed class RecordedRows
{
    private readonly Dictionary<(string Table, string Key), RecordedRow> _rows = [];
    private readonly Dictionary<string, RecordedAlert> _alerts = new(StringComparer.Ordinal);
    private readonly Dictionary<UInt128, RecordedCall> _calls = [];

    /// <summary>Calls older than this may be gone from the audit log.</summary>
    public long CallsPrunedBefore { get; private set; }

    /// <summary>Lists whose links ended before this may be gone.</summary>
    public long GroupsPrunedBefore { get; private set; }

    public IReadOnlyDictionary<(string Table, string Key), RecordedRow> Rows => _rows;

    public IReadOnlyDictionary<string, RecordedAlert> Alerts => _alerts;

    public IReadOnlyDictionary<UInt128, RecordedCall> Calls => _calls;

    /// <summary>The part of a digest that is kept in memory for each of many rows.</summary>
    public static UInt128 Digest(string text) => Digest(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>How an entry names an event of an alert.</summary>
    public static string Event(long at, string kind, int revision, string detail) => EvidenceDraft.Text(json => WriteEvent(json, at, kind, revision, detail));

    /// <summary>Writes an event as <see cref="Event"/> gives it: the check compares both byte for byte.</summary>
    public static void WriteEvent(Utf8JsonWriter json, long at, string kind, int revision, string detail)
    {
        json.WriteStartObject();
        json.WriteNumber("at", at);
        json.WriteString("kind", kind);
        json.WriteNumber("revision", revision);
        json.WriteString("detail", detail);
        json.WriteEndObject();
    }

    /// <exception cref="JsonException">The document is none of ours. The hash has shown already whether it is as it was written.</exception>
    public void Add(EvidenceEntry entry, JsonElement root)
    {
        switch (entry.Kind)
        {
            case EvidenceKinds.Alert or EvidenceKinds.Ack or EvidenceKinds.Snooze or EvidenceKinds.Assign:
                Put(EvidenceTable.Alerts, entry.Subject, entry, root.GetProperty("row"));
                AddEvents(entry, root.GetProperty("events"));
                break;
            case EvidenceKinds.Delivery:
                Put(EvidenceTable.Deliveries, root.GetProperty("row").GetProperty("delivery_id").GetString()!, entry, root.GetProperty("row"));
                break;
            case EvidenceKinds.AlertGroup:
                Put(EvidenceTable.AlertGroups, entry.Subject, entry, root.GetProperty("row"), until: root.GetProperty("row").GetProperty("expires_at").GetInt64());
                break;
            case EvidenceKinds.Limit:
                Put(EvidenceTable.Limits, entry.Subject, entry, root.GetProperty("row"));
                Put(EvidenceTable.LimitHistory, Key(entry.Subject, entry.Ordinal), entry, root.GetProperty("history"));
                break;
            case EvidenceKinds.LimitSettings:
                Put(EvidenceTable.LimitSettings, "1", entry, root.GetProperty("row"));
                break;
            case EvidenceKinds.Endpoint:
                Put(EvidenceTable.Endpoints, entry.Subject, entry, root.GetProperty("row"));
                break;
            case EvidenceKinds.User:
                Put(EvidenceTable.Users, entry.Subject, entry, root.GetProperty("row"));
                break;
            case EvidenceKinds.Access:
                AddCalls(entry, root.GetProperty("rows"));
                break;
            case EvidenceKinds.Pruned when entry.Subject == EvidenceTable.AlertGroups.Name:
                GroupsPrunedBefore = Math.Max(GroupsPrunedBefore, root.GetProperty("before").GetInt64());
                break;
            case EvidenceKinds.Pruned when entry.Subject == EvidenceTable.AuditLog.Name:
                CallsPrunedBefore = Math.Max(CallsPrunedBefore, root.GetProperty("before").GetInt64());
                break;
        }
    }

    /// <summary>The key of a version of a limit.</summary>
    public static string Key(string limitId, long version) => string.Create(CultureInfo.InvariantCulture, $"{limitId} version {version}");

    /// <param name="until">When the row may be removed, ticks; null: never without an entry.</param>
    private void Put(EvidenceTable table, string key, EvidenceEntry entry, JsonElement row, long? until = null)
    {
        if (!_rows.TryGetValue((table.Name, key), out var known) || entry.Ordinal >= known.Ordinal)
        {
            _rows[(table.Name, key)] = new RecordedRow(
                entry.Ordinal, row.ValueKind == JsonValueKind.Null ? null : Digest(row.GetRawText()), entry.Chain, entry.Sequence, entry.At.UtcTicks, entry.Subject, until);
        }
    }

    private void AddEvents(EvidenceEntry entry, JsonElement events)
    {
        if (!_alerts.TryGetValue(entry.Subject, out var alert))
        {
            _alerts.Add(entry.Subject, alert = new RecordedAlert());
        }

        alert.Writes.Add(new RecordedWrite(
            entry.Ordinal, entry.Chain, entry.Sequence, [.. events.EnumerateArray().Select(step => (Digest(step.GetRawText()), step.GetProperty("kind").GetString() ?? ""))]));
    }

    private void AddCalls(EvidenceEntry entry, JsonElement rows)
    {
        foreach (var row in rows.EnumerateArray())
        {
            var digest = Digest(Convert.FromHexString(row[2].GetString()!));
            var times = _calls.TryGetValue(digest, out var known) ? known.Times + 1 : 1;
            _calls[digest] = new RecordedCall(row[0].GetString() ?? "", row[1].GetInt64(), entry.Chain, entry.Sequence, times);
        }
    }

    private static UInt128 Digest(ReadOnlySpan<byte> hash) => System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash);
}

/// <param name="Digest">Null: the row was removed.</param>
/// <param name="Until">When it may be removed, ticks; null: never without an entry.</param>
internal readonly record struct RecordedRow(long Ordinal, UInt128? Digest, string Chain, long Sequence, long At, string Subject, long? Until);

/// <param name="Times">How many equal rows there are.</param>
internal readonly record struct RecordedCall(string RequestId, long At, string Chain, long Sequence, int Times);

/// <summary>The writes of an alert that are recorded.</summary>
internal sealed class RecordedAlert
{
    public List<RecordedWrite> Writes { get; } = [];
}

internal sealed record RecordedWrite(long Ordinal, string Chain, long Sequence, IReadOnlyList<(UInt128 Digest, string Kind)> Events);
