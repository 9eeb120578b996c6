using System.Text.Json;
using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Risk.Topics;

/// <summary>What surrounds the data of a message: the webhook's envelope, with its place and what its readers may see.</summary>
internal static class TopicEnvelope
{
    /// <param name="withheld">The fields of the data that are left out.</param>
    /// <param name="data">Writes the properties of the data.</param>
    public static string Around(
        string type, DateTimeOffset at, TopicPlace place, Clearance clearance, IReadOnlyList<string> withheld, Action<Utf8JsonWriter> data) => AlertDocument.Text(json =>
    {
        AlertDocument.BeginEnvelope(json, type, at);
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
        data(json);
        AlertDocument.EndEnvelope(json);
    });
}
