using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using RiskMonitor.Host.CommandLine;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Host.Operations;

/// <summary>What the commands of an auditor have in common.</summary>
internal static class AuditOptions
{
    private static readonly JsonWriterOptions s_readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The answer as JSON, for programs.</summary>
    public static readonly Option<bool> Json = CommandOption.Switch("--json", "the answer as one JSON object");

    /// <summary>The alert that a command is about.</summary>
    public static Argument<string> Alert() => new("ALERT") { Description = "the alert's id" };

    public static Option<DateTimeOffset?> Instant(string name, string description) => CommandOption.Parsed<DateTimeOffset>(
        name,
        "TIME",
        description,
        text => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant : null,
        "a time with its zone, such as 2027-01-04T08:00:00Z");

    /// <exception cref="UsageException">The word is no id, or there is no such alert.</exception>
    public static async Task<(Alert Alert, IReadOnlyList<AlertEvent> History)> FindAsync(
        IAlertQueries alerts, ParseResult arguments, Argument<string> alert, CancellationToken cancellationToken)
    {
        var id = AlertId(arguments, alert);
        return await alerts.FindAsync(id, null, cancellationToken) ?? throw new UsageException($"there is no alert {id:D}", UsageException.NotPossible);
    }

    private static Guid AlertId(ParseResult arguments, Argument<string> alert) => Guid.TryParseExact(arguments.GetValue(alert), "D", out var id)
        ? id
        : throw new UsageException($"ALERT is '{arguments.GetValue(alert)}'; give an id such as 7d0c5ad3-5a52-5a0c-9d55-0d6f6a4f9b11");

    public static string ToJson(Action<Utf8JsonWriter> properties)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, s_readable))
        {
            json.WriteStartObject();
            properties(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    public static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? at) => json.WriteString(name, at is { } known ? AlertDocument.Time(known) : null);

    public static void WriteNumber(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
