using System.Data.Common;
using System.Globalization;
using System.Text;
using System.Text.Json;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Storage.Evidence;

/// <summary>A table whose rows are recorded: an entry holds the row as it was written, and the check compares the row as it is now.</summary>
/// <param name="Name">The table.</param>
/// <param name="Columns">All columns but those that change without a meaning, in the order in which an entry has them; the key comes first.</param>
/// <param name="Hashed">Columns that are long or secret: an entry has only their SHA-256.</param>
internal sealed record EvidenceTable(string Name, IReadOnlyList<string> Columns, params IReadOnlyList<string> Hashed)
{
    public static readonly EvidenceTable Alerts = new(
        "alerts",
        [
            "alert_id", "version", "request_id", "desk", "severity", "status", "breach_open", "transient", "opened_at", "next_attempt_at", "metric",
            "horizon", "profile", "episode", "state",
        ],
        "state");

    public static readonly EvidenceTable Deliveries = new(
        "alert_deliveries",
        [
            "delivery_id", "alert_id", "desk", "endpoint", "kind", "revision", "required", "state", "attempts", "next_attempt_at", "created_at",
            "changed_at", "delivered_at", "last_status", "latency_ms", "last_error", "answer",
        ],
        "answer");

    public static readonly EvidenceTable Limits = new(
        "risk_limits",
        [
            "limit_id", "profile", "scope_kind", "scope_key", "metric", "horizon", "threshold", "warning_ratio", "cure_ratio", "severity_warning",
            "severity_critical", "currency", "valid_from", "valid_to", "version", "reason", "changed_by",
        ]);

    public static readonly EvidenceTable LimitHistory = new("risk_limit_history", [.. Limits.Columns, "changed_at", "removed"]);

    public static readonly EvidenceTable LimitSettings = new("limit_settings", ["id", "version", "profile", "horizon"]);

    public static readonly EvidenceTable Endpoints = new("endpoints", ["name", "version", "settings", "reason", "changed_by", "changed_at"], "settings");

    public static readonly EvidenceTable Users = new(
        "users", ["key_id", "name", "role", "desks", "clearance", "key_hash", "added_at", "added_by", "revoked_at", "revoked_by"], "key_hash");

    public static readonly EvidenceTable AlertGroups = new("alert_groups", ["group_id", "endpoint", "created_at", "expires_at", "alerts"], "alerts");

    public static readonly EvidenceTable AuditLog = new(
        "audit_log",
        ["request_id", "at", "user", "address", "channel", "tool", "scope", "clearance", "outcome", "took_us", "arguments", "desk", "calls"]);

    /// <summary>The columns, as a query selects them.</summary>
    public string Selected { get; } = string.Join(", ", Columns);

    /// <summary>The row that a query of <see cref="Selected"/> is at, as the text that an entry has of it.</summary>
    public string Image(DbDataReader row) => Image(i => row.IsDBNull(i) ? null : row.GetValue(i));

    /// <summary>The row of these values, in the order of <see cref="Columns"/>.</summary>
    public string Image(IReadOnlyList<object?> values) => Image(i => values[i]);

    private string Image(Func<int, object?> value) => EvidenceDraft.Text(json =>
    {
        json.WriteStartObject();
        for (var i = 0; i < Columns.Count; i++)
        {
            Write(json, Columns[i], value(i));
        }

        json.WriteEndObject();
    });

    private void Write(Utf8JsonWriter json, string column, object? value)
    {
        var text = value switch
        {
            byte[] bytes => Encoding.UTF8.GetString(bytes),
            string stored => Storable(stored),
            _ => null,
        };
        if (Hashed.Contains(column))
        {
            json.WriteString($"{column}_sha256", text is null ? null : AlertDocument.Sha256Of(text));
            return;
        }

        switch (value)
        {
            case null:
                json.WriteNull(column);
                break;
            case bool flag:
                json.WriteNumber(column, flag ? 1 : 0);
                break;
            case double or float or decimal:
                // REAL and DOUBLE hold the same value, and either driver may give it as a whole number.
                json.WriteNumber(column, Convert.ToDouble(value, CultureInfo.InvariantCulture));
                break;
            default:
                if (text is not null)
                {
                    json.WriteString(column, text);
                }
                else
                {
                    json.WriteNumber(column, Convert.ToInt64(value, CultureInfo.InvariantCulture));
                }

                break;
        }
    }

    /// <summary>What a database makes of a text whose surrogates are no pairs.</summary>
    private static string Storable(string text) =>
        text.AsSpan().IndexOfAnyInRange('\ud800', '\udfff') < 0 ? text : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
