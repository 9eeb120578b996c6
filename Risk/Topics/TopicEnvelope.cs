using System.Text.Json;
using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Risk.Topics;

/// <summary>What surrounds the data of a message: the webhook's envelope, with its place and what its readers may see.</summary>
internal static class TopicEnvelope
{
    public static void Begin(Utf8JsonWriter json, string type, DateTimeOffset at, TopicPlace place, Clearance clearance, IEnumerable<string> withheld)
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        json.WriteString("timestamp", AlertDocument.Time(at));
        json.WriteString("schema_version", "1");
        json.WriteNumber("sequence", place.Sequence);
        json.WriteNumber("part", place.Part);
        json.WriteString("clearance", clearance.Name());
        json.WriteStartArray("withheld");
        foreach (var name in withheld)
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
        json.WriteStartObject("data");
    }

    public static void End(Utf8JsonWriter json)
    {
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
