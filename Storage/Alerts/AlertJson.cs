using System.Text.Json;
using System.Text.Json.Serialization;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Storage.Alerts;

/// <summary>
/// The stored state of an alert: <c>{"v":1,"alert":{…}}</c>, snake_case, enums by name, decimals as exact JSON numbers. Figures that follow
/// from others are left out.
/// </summary>
internal static class AlertJson
{
    private const int Version = 1;

    public static string Write(Alert alert) => JsonSerializer.Serialize(new StoredAlert(Version, alert), AlertJsonContext.Default.StoredAlert);

    /// <exception cref="InvalidDataException">The text was written by a newer program, or is none of ours.</exception>
    public static Alert Read(string json)
    {
        var stored = JsonSerializer.Deserialize(json, AlertJsonContext.Default.StoredAlert);
        return stored is { Version: Version, Alert: { } alert }
            ? alert
            : throw new InvalidDataException($"a stored alert has format {stored?.Version}, and this program reads {Version}: run the version that wrote it, or a newer one");
    }
}

internal sealed record StoredAlert([property: JsonPropertyName("v")] int Version, Alert Alert);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UseStringEnumConverter = true,
    IgnoreReadOnlyProperties = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StoredAlert))]
internal sealed partial class AlertJsonContext : JsonSerializerContext;
