using System.Text.Json;
using Microsoft.Extensions.Options;
using RiskMonitor.McpFrontend.Answers;
using RiskMonitor.McpFrontend.UseCases;

namespace RiskMonitor.McpFrontend.Tools;

/// <summary>The use case of the same name, with its lists cut to what a model can read.</summary>
internal sealed class MonitorDeskExposureTool(DeskExposure useCase, IOptions<FrontendOptions> options) : RiskTool<DeskExposureAnswer>
{
    /// <summary>Rows of each breakdown; the others are summed up.</summary>
    public const int Top = 10;

    public override string Name => DeskExposure.Tool;

    public override string Title => "Exposure of a desk";

    public override string Description =>
        "One desk as it stands, or as it was (as_of): delta (net), gross, long and short; utilisation of its limits; open breaches and their alerts; a conclusion "
        + "with citations. The first choice for any question about one desk. by_currency, by_trader and by_security hold the ten largest "
        + "|delta|; by_*_other sums up the rest. Clearance desk: by_trader and by_security are null.";

    public override IReadOnlyList<ToolParameter> Parameters { get; } =
    [
        new("desk", ParameterKind.Text, "exact name, as list_desks tells it", IsRequired: true),
        new("as_of", ParameterKind.Text, "RFC 3339 with zone, or a date (that day's close); now when left out"),
        new("horizon", ParameterKind.Text, "chooses limits; figures are not rescaled", Allowed: options.Value.HorizonNames),
        new("limit_profile", ParameterKind.Text, "chooses limits", Allowed: options.Value.ProfileNames),
    ];

    public override JsonElement OutputSchema { get; } = AnswerSchema.Of("""
        "desk": {"type": "string"},
        "history": {"$ref": "#/$defs/object_or_null"},
        "reporting": {"$ref": "#/$defs/object_or_null"},
        "exposure": {"allOf": [{"$ref": "#/$defs/figures"}], "required": ["incomplete"], "patternProperties": {"^by_[a-z]+$": {"$ref": "#/$defs/rows_or_null"}}},
        "limit_profile": {"type": "string"},
        "horizon": {"type": "string"},
        "limits": {"type": "array", "items": {"type": "object"}},
        "limit": {"$ref": "#/$defs/object_or_null"},
        "utilisation": {"$ref": "#/$defs/number_or_null"},
        "utilisation_state": {"$ref": "#/$defs/use"},
        "breaches": {"type": "array", "items": {"type": "object"}},
        "alerts": {"type": "array", "items": {"$ref": "#/$defs/alert"}},
        "conclusion": {"type": "string"},
        "citations": {"type": "array", "items": {"type": "object"}}
        """);

    /// <summary>The answer with its alerts as rows.</summary>
    public static DeskExposureAnswer ForModels(DeskExposureAnswer answer) => answer with { Alerts = [.. answer.Alerts.Select(alert => alert with { IsRow = true })] };

    protected override async Task<DeskExposureAnswer> AnswerAsync(ToolArguments arguments, Question question, CancellationToken cancellationToken)
    {
        var input = new DeskExposureInput(arguments.Demand("desk"), arguments.Text("as_of"), arguments.Text("horizon"), arguments.Text("limit_profile"), Top);
        return ForModels(await useCase.AskAsync(input, question, cancellationToken));
    }

    protected override void Write(DeskExposureAnswer answer, AnswerText text)
    {
        text.Line(answer.Conclusion);
        if (answer.Reporting is { } reporting)
        {
            text.Line(ReportingText.Line(reporting));
        }

        foreach (var alert in answer.Alerts)
        {
            text.Line(AlertText.Line(alert));
        }
    }
}
