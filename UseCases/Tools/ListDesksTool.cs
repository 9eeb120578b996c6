using System.Globalization;
using System.Text.Json;
using RiskMonitor.Risk.Reports;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Exposures;

namespace RiskMonitor.UseCases.Tools;

/// <summary>The desks that the caller may see.</summary>
public sealed class ListDesksTool(ListDesks useCase) : RiskTool<DesksAnswer>
{
    private static readonly PageParameters s_page = new(50, 100);

    public override string Name => ListDesks.Tool;

    public override string Title => "Desks";

    public override string Description =>
        "The desks that you may see, each with delta, gross, its net_delta threshold, utilisation and open breaches. Use it to find exact desk "
        + "names, to compare desks, or to see who is closest to a limit (order_by utilisation).";

    public override IReadOnlyList<ToolParameter> Parameters { get; } =
    [
        new("order_by", ParameterKind.Text, "largest first; names ascending (default)", Allowed: ListDesks.Orders),
        new("as_of", ParameterKind.Text, "RFC 3339 with zone, or a date (its close)"),
        new("filter", ParameterKind.Text, "such as: net_delta > 3000000 and unit = USD and in_breach = false; fields net_delta (its size), delta, gross_delta, long_delta, short_delta, utilisation (0.8 = 80%), open_breaches, utilisation_state"),
        new(LeftOutDesks.Field, ParameterKind.Texts, "exact names"),
        s_page.Size,
        PageParameters.Cursor,
    ];

    public override JsonElement OutputSchema { get; } = AnswerSchema.OfList("""
        "order_by": {},
        "history": {},
        "desks": {"type": "array", "items": {
          "allOf": [{"$ref": "#/$defs/figures"}],
          "required": ["desk", "incomplete", "building", "open_breaches"],
          "properties": {"threshold": {"$ref": "#/$defs/money_or_null"}, "utilisation_state": {"$ref": "#/$defs/use"}},
          "patternProperties": {"utilisation$": {"$ref": "#/$defs/number_or_null"}}}}
        """);

    protected override Task<DesksAnswer> AnswerAsync(ToolArguments arguments, CallContext context, CancellationToken cancellationToken) =>
        useCase.AskAsync(
            new ListDesksInput(
                arguments.Text("order_by"), s_page.Of(arguments), arguments.Text("cursor"), arguments.Text("as_of"), arguments.Text("filter"), arguments.Texts(LeftOutDesks.Field)),
            context,
            cancellationToken);

    protected override void Write(DesksAnswer answer, AnswerText text)
    {
        text.Page(answer, "desks");
        foreach (var desk in answer.Desks)
        {
            var used = desk.Utilisation is { } share && desk.Threshold is { } threshold
                ? $", {FigureText.Percent(share)} of {FigureText.Amount(threshold.Amount, desk.Unit)} used"
                : "";
            text.Line(string.Create(
                CultureInfo.InvariantCulture,
                $"- {AnswerText.Quoted(desk.Desk)} net {AnswerText.Amount(desk.Delta, desk.Unit)}, gross {AnswerText.Amount(desk.GrossDelta, desk.Unit)}, "
                + $"{desk.UtilisationState}{used}, {FigureText.Count(desk.OpenBreaches, "open breach episode")}"
                + $"{(desk.Incomplete ? ", " + FigureText.Count(desk.MissingDeltaCount, "delta") + " missing" : "")}{(desk.Building ? ", building" : "")}"));
        }
    }
}
