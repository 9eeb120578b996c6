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
