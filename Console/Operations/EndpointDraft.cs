using System.Text.Json;
using System.Text.Json.Nodes;

namespace RiskMonitor.WebConsole.Operations;

/// <summary>The settings of an endpoint while they are edited. What is secret is not shown, so an empty field keeps it.</summary>
public sealed class EndpointDraft
{
    public static readonly IReadOnlyList<string> Kinds = ["webhook", "slack", "teams", "pagerduty", "email"];
    public static readonly IReadOnlyList<string> Severities = ["INFO", "WARNING", "CRITICAL"];
    public static readonly IReadOnlyList<string> Types = ["opened", "escalated", "reminder", "cured"];
    public static readonly IReadOnlyList<string> Clearances = ["trader", "desk"];
    public static readonly IReadOnlyList<string> Securities = ["starttls", "tls", "none"];

    private readonly Dictionary<string, string> _before = [];

    public string Name { get; set; } = "";

    public string Kind { get; set; } = Kinds[0];

    public string Url { get; set; } = "";

    public string Secret { get; set; } = "";

    public string RoutingKey { get; set; } = "";

    public string SmtpHost { get; set; } = "";

    public string SmtpPort { get; set; } = "587";

    public string SmtpSecurity { get; set; } = Securities[0];

    public string SmtpUser { get; set; } = "";

    public string SmtpPassword { get; set; } = "";

    public string From { get; set; } = "";

    /// <summary>One a line.</summary>
    public string To { get; set; } = "";

    /// <summary>One a line, because names of desks may have commas; empty: all.</summary>
    public string Desks { get; set; } = "";

    public HashSet<string> ChosenSeverities { get; private init; } = [];

    public HashSet<string> ChosenTypes { get; private init; } = [];

    public string After { get; set; } = "00:00:00";

    public string Timeout { get; set; } = "00:00:10";

    public string MaxPerMinute { get; set; } = "";

    public bool Required { get; set; } = true;

    public string Clearance { get; set; } = Clearances[0];

    /// <summary>The address as it may be shown; of a new endpoint empty.</summary>
    public string ShownUrl { get; private init; } = "";

    /// <summary>A new endpoint.</summary>
    public static EndpointDraft New() => new();

    /// <summary>One that is there.</summary>
    /// <param name="shown">Its settings without secrets.</param>
    public static EndpointDraft Of(string name, JsonElement shown)
    {
        var draft = new EndpointDraft
        {
            Name = name,
            Kind = Text("kind", Kinds[0]),
            ShownUrl = Text("url", ""),
            SmtpHost = Text("smtp_host", ""),
            SmtpPort = Text("smtp_port", "587"),
            SmtpSecurity = Text("smtp_security", Securities[0]),
            SmtpUser = Text("smtp_user", ""),
            From = Text("from", ""),
            To = string.Join('\n', List("to")),
            Desks = string.Join('\n', List("desks")),
            ChosenSeverities = [.. List("severities")],
            ChosenTypes = [.. List("types")],
            After = Text("after", "00:00:00"),
            Timeout = Text("timeout", "00:00:10"),
            MaxPerMinute = Text("max_per_minute", ""),
            Required = Text("required", "true").Equals("true", StringComparison.OrdinalIgnoreCase),
            Clearance = Text("clearance", Clearances[0]),
        };
        foreach (var (field, value) in draft.All())
        {
            draft._before[field] = value?.ToJsonString() ?? "null";
        }

        return draft;

        string Text(string field, string without) =>
            shown.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null ? value.ToString() : without;

        IEnumerable<string> List(string field) =>
            shown.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Select(item => item.ToString()) : [];
    }

    /// <summary>What is to be sent: all of a new endpoint, and of one that is there what was changed.</summary>
    public JsonElement Changes()
    {
        var changes = new JsonObject();
        foreach (var (field, value) in All())
        {
            if (_before.GetValueOrDefault(field) != (value?.ToJsonString() ?? "null"))
            {
                changes[field] = value;
            }
        }

        return JsonSerializer.SerializeToElement(changes);
    }

    private IEnumerable<(string Field, JsonNode? Value)> All()
    {
        yield return ("kind", Kind);
        foreach (var (field, text) in new[] { ("url", Kind == "email" ? "" : Url), ("secret", Kind == "webhook" ? Secret : ""), ("routing_key", Kind == "pagerduty" ? RoutingKey : ""), ("smtp_password", Kind == "email" ? SmtpPassword : "") })
        {
            if (text.Trim().Length > 0)
            {
                yield return (field, text.Trim());
            }
        }

        if (Kind == "email")
        {
            yield return ("smtp_host", Trimmed(SmtpHost));
            yield return ("smtp_port", Number(SmtpPort));
            yield return ("smtp_security", SmtpSecurity);
            yield return ("smtp_user", Trimmed(SmtpUser));
            yield return ("from", Trimmed(From));
            yield return ("to", Lines(To));
        }

        yield return ("desks", Lines(Desks));
        yield return ("severities", new JsonArray([.. Severities.Where(ChosenSeverities.Contains).Select(name => (JsonNode)name)]));
        yield return ("types", new JsonArray([.. Types.Where(ChosenTypes.Contains).Select(name => (JsonNode)name)]));
        yield return ("after", After.Trim());
        yield return ("timeout", Timeout.Trim());
        yield return ("max_per_minute", Number(MaxPerMinute));
        yield return ("required", Required);
        yield return ("clearance", Clearance);
    }

    private static JsonNode? Trimmed(string text) => text.Trim() is { Length: > 0 } given ? given : null;

    /// <summary>What is no number is sent as it is, so that the answer says what is wrong with it.</summary>
    private static JsonNode? Number(string text) => text.Trim() is not { Length: > 0 } given ? null
        : int.TryParse(given, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : given;

    private static JsonArray Lines(string text) =>
        [.. text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(line => (JsonNode)line)];
}
