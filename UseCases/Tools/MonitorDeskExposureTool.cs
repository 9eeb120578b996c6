using System.Text.Json;
using Microsoft.Extensions.Options;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Exposures;

namespace RiskMonitor.UseCases.Tools;

/// <summary>The use case of the same name, with its lists cut to what a model can read.</summary>
public sealed class MonitorDeskExposureTool(DeskExposure useCase, IOptions<UseCaseOptions> options) : RiskTool<DeskExposureInput, DeskExposureAnswer>(
    useCase, DeskExposure.Input.Allowing("horizon", options.Value.HorizonNames()).Allowing("limit_profile", options.Value.ProfileNames()))
{
    /// <summary>Rows of each breakdown; the others are summed up.</summary>
    private const int Top = 10;

    public override string Title => "Exposure of a desk";

    public override string Description =>
        "The first choice for any question about one desk: delta (net), gross, long and short, as they stand or stood (as_of); utilisation of limits; "
        + "open breaches with their alerts; a conclusion with citations. by_* hold the ten largest |delta|, by_*_other sums up the rest. "
        + "Clearance desk: no by_trader, by_security.";

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
    public static async Task<DeskExposureAnswer> AskAsync(DeskExposure useCase, DeskExposureInput input, CallContext context, CancellationToken cancellationToken) =>
        Cut(await useCase.AskAsync(Cut(input), context, cancellationToken));

    protected override DeskExposureInput Readable(DeskExposureInput input) => Cut(input);

    protected override DeskExposureAnswer Readable(DeskExposureAnswer answer) => Cut(answer);

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

    private static DeskExposureInput Cut(DeskExposureInput input) => input with { Top = Top };

    private static DeskExposureAnswer Cut(DeskExposureAnswer answer) => answer with { Alerts = [.. answer.Alerts.Select(alert => alert with { IsRow = true })] };
}
