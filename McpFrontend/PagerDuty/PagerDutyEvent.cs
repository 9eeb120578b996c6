using System.Globalization;
using System.Text.Json;

namespace RiskMonitor.McpFrontend.PagerDuty;

/// <summary>What a webhook of PagerDuty says about an incident.</summary>
/// <param name="Type">Such as <c>incident.acknowledged</c>.</param>
/// <param name="AlertId">The alert of which the incident was made: its <c>incident_key</c> is the <c>dedup_key</c> that the alert was sent with. Null: of none.</param>
/// <param name="Person">Who did it; null where it was a program, such as our own event that resolved the incident.</param>
internal sealed record PagerDutyEvent(string Type, DateTimeOffset At, Guid? AlertId, string? Incident, string? Person)
{
    private const int MostNameChars = 200;

    /// <returns>Null where it is no event of Webhooks v3.</returns>
    public static PagerDutyEvent? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            if (!json.RootElement.TryGetProperty("event", out var happened)
                || Text(happened, "event_type") is not { } type
                || !DateTimeOffset.TryParse(Text(happened, "occurred_at"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
            {
                return null;
            }

            var incident = Object(happened, "data");
            var agent = Object(happened, "agent");
            var person = agent is { } by && Text(by, "type") is "user_reference" or "user" ? Text(agent.Value, "summary") ?? Text(agent.Value, "id") : null;
            return new PagerDutyEvent(
                type,
                at,
                incident is { } data && Guid.TryParseExact(Text(data, "incident_key"), "D", out var alertId) ? alertId : null,
                incident is { } of ? Text(of, "id") : null,
                person is { Length: > MostNameChars } ? person[..MostNameChars] : person);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static JsonElement? Object(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

    private static string? Text(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
