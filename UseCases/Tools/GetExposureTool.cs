using System.Globalization;
using System.Text.Json;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Exposures;

namespace RiskMonitor.UseCases.Tools;

/// <summary>Exposure by group, in pages that a model can read.</summary>
public sealed class GetExposureTool(GetExposure useCase) : RiskTool<ExposuresAnswer>
{
    private static readonly PageParameters s_page = new(20, 100);

    public override string Name => GetExposure.Tool;

    public override string Title => "Exposure by group";

    public override string Description =>
        "Exposure over the desks that you may see, summed by desk, trader, security, currency or a pair of them, with totals over all groups: "
        + "for totals, rankings, contributors and comparisons. threshold marks rows by |delta| and opens no breach. "
        + "Clearance desk: only desk, currency, and both.";

    public override IReadOnlyList<ToolParameter> Parameters { get; } =
    [
        new("group_by", ParameterKind.Text, "", IsRequired: true, Allowed: ExposureGrouping.Names),
        new("desk", ParameterKind.Text, "exact name"),
        new("trader_id", ParameterKind.Text, "exact"),
        new("currency", ParameterKind.Text, "only positions in it; nothing is converted"),
        new("as_of", ParameterKind.Text, "as in list_desks"),
        new(LeftOutDesks.Field, ParameterKind.Texts, ""),
        new("threshold", ParameterKind.Amount, "marks rows with a larger |delta|"),
        new("order_by", ParameterKind.Text, "largest |figure| first (default net_delta)", Allowed: GetExposure.Orders),
        new("top", ParameterKind.Whole, "so many rows, the rest summed as other; not with page_size or cursor"),
        s_page.Size,
        PageParameters.Cursor,
    ];

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

    protected override Task<ExposuresAnswer> AnswerAsync(ToolArguments arguments, CallContext context, CancellationToken cancellationToken)
    {
        var top = arguments.Whole("top");
        var input = new GetExposureInput(
            arguments.Demand("group_by"),
            arguments.Text("desk"),
            arguments.Text("trader_id"),
            arguments.Amount("threshold"),
            arguments.Text("order_by"),
            top,
            top is null || arguments.Whole(s_page.Size.Name) is not null ? s_page.Of(arguments) : null,
            arguments.Text("cursor"),
            arguments.Text("as_of"),
            arguments.Text("currency"),
            arguments.Texts(LeftOutDesks.Field));
        return useCase.AskAsync(input, context, cancellationToken);
    }

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
