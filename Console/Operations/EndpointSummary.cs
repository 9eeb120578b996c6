using System.Text.Json;

namespace RiskMonitor.WebConsole.Operations;

/// <summary>What can be done to an endpoint.</summary>
public enum EndpointAct
{
    Add,
    Change,
    SwitchOff,
    SwitchOn,
    Rotate,
    DropSecret,
    Remove,
}

/// <summary>An endpoint in one line of a table.</summary>
/// <param name="settings">Its settings as they may be shown.</param>
public sealed class EndpointSummary(JsonElement settings)
{
    public string Kind => Text("kind") ?? "";

    /// <summary>Where its messages go.</summary>
    public string Address => Text("url") ?? (Kind == "email" ? string.Join(", ", List("to")) : "–");

    /// <summary>An endpoint is on unless its settings say otherwise.</summary>
    public bool IsEnabled => !settings.TryGetProperty("enabled", out var enabled) || enabled.ValueKind != JsonValueKind.False;

    public bool HasPreviousSecret => Text("previous_secret") is not null;

    /// <summary>Which alerts and messages it takes; empty: all.</summary>
    public IReadOnlyList<string> Filters => [.. new[] { List("severities"), List("types"), List("desks") }.Where(list => list.Count > 0).Select(list => string.Join(", ", list))];

    /// <summary>After how long without an acknowledgement it gets a message; null: at once.</summary>
    public string? After => Text("after") is { } after && after != "00:00:00" ? after : null;

    private string? Text(string field) => settings.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private IReadOnlyList<string> List(string field) =>
        settings.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(item => item.ToString())] : [];
}
