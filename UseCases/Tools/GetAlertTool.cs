using System.Globalization;
using System.Text.Json;
using RiskMonitor.UseCases.Alerts;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.UseCases.Tools;

/// <summary>One alert with its history.</summary>
public sealed class GetAlertTool(GetAlert useCase) : RiskTool<string, AlertHistoryAnswer>(useCase, GetAlert.Input)
{
    public override string Title => "One alert";

    public override string Description =>
        "One alert by its id, with everything known of it: figures, cause, limit, analysis, deliveries, acknowledgement, latency and history.";

    public override JsonElement OutputSchema { get; } = AnswerSchema.Of("""
        "alert": {"$ref": "#/$defs/alert"},
        "history": {"type": "array", "items": {"type": "object", "required": ["at", "kind", "revision", "detail"]}}
        """);

    protected override void Write(AlertHistoryAnswer answer, AnswerText text)
    {
        text.Line(AlertText.Line(answer.Alert));
        if (answer.Alert.Alert.Analysis is { } analysis)
        {
            text.Line($"analysis ({analysis.Source}): {AnswerText.Quoted(analysis.Text)}");
        }

        foreach (var step in answer.History)
        {
            text.Line(string.Create(CultureInfo.InvariantCulture, $"{AnswerText.Time(step.At)} {step.Kind}, revision {step.Revision}: {(step.Detail is { } detail ? AnswerText.Quoted(detail) : "withheld")}"));
        }
    }
}
