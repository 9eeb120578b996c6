using System.Text.Json;
using Microsoft.Extensions.Options;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Exposures;

namespace RiskMonitor.UseCases.Tools;

/// <summary>The use case of the same name, with its lists cut to what a model can read.</summary>
public sealed class MonitorDeskExposureTool(DeskExposure useCase, IOptions<UseCaseOptions> options) : RiskTool<DeskExposureAnswer>
{
    /// <summary>Rows of each breakdown; the others are summed up.</summary>
    private const int Top = 10;

    public override string Name => DeskExposure.Tool;

    public override string Title => "Exposure of a desk";

    public override string Description =>
        "The first choice for any context about one desk: delta (net), gross, long and short, as they stand or stood (as_of); utilisation of limits; "
        + "open breaches with their alerts; a conclusion with citations. by_* hold the ten largest |delta|, by_*_other sums up the rest. "
        + "Clearance desk: no by_trader, by_security.";

    public override IReadOnlyList<ToolParameter> Parameters { get; } =
    [
        new("desk", ParameterKind.Text, "exact name, as list_desks tells it", IsRequired: true),
        new("as_of", ParameterKind.Text, "RFC 3339 with zone, or a date (that day's close); now when left out"),
        new("horizon", ParameterKind.Text, "chooses limits; figures are not rescaled", Allowed: options.Value.HorizonNames),
        new("limit_profile", ParameterKind.Text, "chooses limits", Allowed: options.Value.ProfileNames),
    ];

    public override JsonElement OutputSchema { get; } = AnswerSchema.Of("""
        "desk": {},
        "history": {},
        "reporting": {},
        "exposure": {"allOf": [{"$ref": "#/$defs/figures"}], "required": ["incomplete"], "patternProperties": {"^by_[a-z]+$": {"$ref": "#/$defs/rows_or_null"}}},
        "limit_profile": {},
        "horizon": {},
        "limits": {},
        "limit": {},
        "utilisation": {"$ref": "#/$defs/number_or_null"},
        "utilisation_state": {"$ref": "#/$defs/use"},
        "breaches": {},
        "alerts": {"type": "array", "items": {"$ref": "#/$defs/alert"}},
        "conclusion": {},
        "citations": {}
        """);

    /// <summary>What a model reads of a desk, here and in prompts and resources: the largest rows, and alerts as rows.</summary>
    public static async Task<DeskExposureAnswer> AskAsync(DeskExposure useCase, DeskExposureInput input, CallContext context, CancellationToken cancellationToken)
    {
        var answer = await useCase.AskAsync(input with { Top = Top }, context, cancellationToken);
        return answer with { Alerts = [.. answer.Alerts.Select(alert => alert with { IsRow = true })] };
    }

    protected override Task<DeskExposureAnswer> AnswerAsync(ToolArguments arguments, CallContext context, CancellationToken cancellationToken)
    {
        var input = new DeskExposureInput(arguments.Demand("desk"), arguments.Text("as_of"), arguments.Text("horizon"), arguments.Text("limit_profile"));
        return AskAsync(useCase, input, context, cancellationToken);
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
