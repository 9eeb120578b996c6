using System.Globalization;
using System.Text.Json;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Exposures;

namespace RiskMonitor.UseCases.Tools;

/// <summary>Exposure by group, in pages that a model can read.</summary>
public sealed class GetExposureTool(GetExposure useCase) : RiskTool<GetExposureInput, ExposuresAnswer>(useCase, GetExposure.Input, new PageParameters(20, 100))
{
    public override string Title => "Exposure by group";

    public override string Description =>
        "Exposure over the desks that you may see, summed by desk, trader, security, currency or a pair of them, with totals over all groups: "
        + "for totals, rankings, contributors and comparisons. threshold marks rows by |delta| and opens no breach. "
        + "Clearance desk: only desk, currency, and both.";

    public override JsonElement OutputSchema { get; } = AnswerSchema.OfList("""
        "group_by": {},
        "order_by": {},
        "history": {},
        "threshold": {"$ref": "#/$defs/money_or_null"},
        "rows_as_of": {},
        "totals": {"$ref": "#/$defs/figures"},
        "reporting": {},
        "rows": {"type": "array", "items": {
          "allOf": [{"$ref": "#/$defs/figures"}],
          "patternProperties": {"^(desk|trader_id|security_id|currency)$": {"$ref": "#/$defs/text_or_null"}},
          "properties": {"above_threshold": {"$ref": "#/$defs/flag_or_null"}}}},
        "other": {"$ref": "#/$defs/figures_or_null"}
        """);

    protected override void Write(ExposuresAnswer answer, AnswerText text)
    {
        text.Page(answer, "groups");
        text.Line($"all: {Text(answer.Totals)}");
        if (answer.Reporting is { } reporting)
        {
            text.Line(ReportingText.Line(reporting));
        }

        foreach (var row in answer.Rows)
        {
            string?[] key = [row.Desk, row.TraderId, row.SecurityId, row.Currency];
            text.Line($"- {string.Join(" / ", key.OfType<string>().Select(AnswerText.Quoted))} {Text(row)}{(row.AboveThreshold == true ? ", above the threshold" : "")}");
        }

        if (answer.Other is { } other)
        {
            text.Line($"other: {Text(other)}");
        }
    }

    private static string Text(Figures figures) => string.Create(
        CultureInfo.InvariantCulture,
        $"net {AnswerText.Amount(figures.Delta, figures.Unit)}, gross {AnswerText.Amount(figures.GrossDelta, figures.Unit)}, positions {figures.PositionCount}"
        + $"{(figures.MissingDeltaCount > 0 ? $", {figures.MissingDeltaCount} without a delta" : "")}");
}
