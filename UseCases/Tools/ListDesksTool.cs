using System.Globalization;
using System.Text.Json;
using RiskMonitor.Risk.Reports;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Exposures;

namespace RiskMonitor.UseCases.Tools;

/// <summary>The desks that the caller may see.</summary>
public sealed class ListDesksTool(ListDesks useCase) : RiskTool<ListDesksInput, DesksAnswer>(useCase, ListDesks.Input, new PageParameters(50, 100))
{
    public override string Title => "Desks";

    public override string Description =>
        "The desks that you may see, each with delta, gross, its net_delta threshold, utilisation and open breaches. Use it to find exact desk "
        + "names, to compare desks, or to see who is closest to a limit (order_by utilisation).";

    public override JsonElement OutputSchema { get; } = AnswerSchema.OfList("""
        "order_by": {},
        "history": {},
        "desks": {"type": "array", "items": {
          "allOf": [{"$ref": "#/$defs/figures"}],
          "required": ["desk", "incomplete", "building", "open_breaches"],
          "properties": {"threshold": {"$ref": "#/$defs/money_or_null"}, "utilisation_state": {"$ref": "#/$defs/use"}},
          "patternProperties": {"utilisation$": {"$ref": "#/$defs/number_or_null"}}}}
        """);

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
