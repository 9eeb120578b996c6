using System.Globalization;
using System.Text.Json;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.WebConsole.Inbox;

/// <summary>An alert as its reader may see it: read from the document that the API writes, so that nothing is shown that the API withholds.</summary>
public sealed class AlertFields
{
    private readonly JsonElement _document;

    public AlertFields(AlertAnswer alert) => _document = JsonSerializer.SerializeToElement(alert, RiskJson.Options);

    /// <summary>An API name inside of objects: cause.topic.</summary>
    /// <returns>Null where there is none, and where it is withheld.</returns>
    public string? this[string path] => Find(path) is { ValueKind: not JsonValueKind.Null and not JsonValueKind.Undefined } value ? value.ToString() : null;

    /// <summary>The rows of a list of the analysis, such as drivers.traders; empty where it is withheld.</summary>
    public IReadOnlyList<Driver> Drivers(string list, string key) => Find($"analysis_json.drivers.{list}") is { ValueKind: JsonValueKind.Array } rows
        ?
        [
            .. rows.EnumerateArray().Select(row => new Driver(
                row.GetProperty(key).GetString() ?? "",
                decimal.Parse(row.GetProperty("delta").GetString()!, CultureInfo.InvariantCulture),
                row.GetProperty("share_of_gross") is { ValueKind: JsonValueKind.Number } share ? share.GetDecimal() : null)),
        ]
        : [];

    /// <summary>When the change passed each station, in their order.</summary>
    public IReadOnlyList<(string Name, DateTimeOffset At)> Stations => Find("latency") is { ValueKind: JsonValueKind.Object } latency
        ? [.. latency.EnumerateObject().Select(station => (station.Name, station.Value.GetProperty("at").GetDateTimeOffset()))]
        : [];

    /// <summary>The messages of the current revision at each of their endpoints.</summary>
    public IReadOnlyList<EndpointAttempt> Deliveries => Find("deliveries") is { ValueKind: JsonValueKind.Array } rows
        ?
        [
            .. rows.EnumerateArray().Select(row => new EndpointAttempt(
                row.GetProperty("endpoint").GetString() ?? "",
                row.GetProperty("type").GetString() ?? "",
                row.GetProperty("state").GetString() ?? "",
                row.GetProperty("attempts").GetInt32(),
                Instant(row, "delivered_at"),
                Instant(row, "next_attempt_at"),
                row.GetProperty("last_status") is { ValueKind: JsonValueKind.Number } status ? status.GetInt32() : null,
                row.GetProperty("last_error").GetString())),
        ]
        : [];

    private static DateTimeOffset? Instant(JsonElement row, string name) => row.GetProperty(name) is { ValueKind: JsonValueKind.String } text ? text.GetDateTimeOffset() : null;

    private JsonElement? Find(string path)
    {
        var at = _document;
        foreach (var name in path.Split('.'))
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
            {
                return null;
            }
        }

        return at;
    }
}

/// <summary>What a trader, security or currency brings to a breach.</summary>
/// <param name="ShareOfGross">Null where the gross is 0.</param>
public sealed record Driver(string Name, decimal Delta, decimal? ShareOfGross);

/// <summary>A message at one of its endpoints.</summary>
/// <param name="Type">Such as risk.alert.opened.</param>
/// <param name="Status">Of the last answer; null where there was none.</param>
/// <param name="Error">Null where nothing failed, and where it is withheld.</param>
public sealed record EndpointAttempt(string Endpoint, string Type, string State, int Attempts, DateTimeOffset? DeliveredAt, DateTimeOffset? NextAttemptAt, int? Status, string? Error);
