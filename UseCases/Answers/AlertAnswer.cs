using System.Text.Json;
using System.Text.Json.Serialization;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.UseCases.Answers;

/// <summary>An alert in an answer, with the field names that the webhook has.</summary>
/// <param name="CurrentValue">The desk's figure now; null where it was not looked up.</param>
[JsonConverter(typeof(AlertConverter))]
public sealed record AlertAnswer(Alert Alert, AlertView View, decimal? CurrentValue)
{
    /// <summary>A row of a list: leaves out what only <c>get_alert</c> gives.</summary>
    public bool IsRow { get; init; }

    /// <summary>The fields of the alert that the view hides.</summary>
    /// <param name="path">Where alerts stand in the answer.</param>
    public static IReadOnlyList<string> Withheld(AlertView view, string path) =>
        view == AlertView.Full ? [] : [.. AlertDocument.WithheldFields.Select(field => $"{path}.{field}")];

    private sealed class AlertConverter : OnlyWritten<AlertAnswer>
    {
        public override void Write(Utf8JsonWriter writer, AlertAnswer value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            if (value.IsRow)
            {
                AlertDocument.WriteRow(writer, value.Alert, value.CurrentValue);
            }
            else
            {
                AlertDocument.Write(writer, value.Alert, value.View, value.CurrentValue);
            }

            writer.WriteEndObject();
        }
    }
}
