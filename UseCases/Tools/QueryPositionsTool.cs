using System.Text.Json;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Positions;

namespace RiskMonitor.UseCases.Tools;

/// <summary>Positions, in pages that a model can read.</summary>
public sealed class QueryPositionsTool(QueryPositions useCase) : RiskTool<QueryPositionsInput, PositionsAnswer>(useCase, QueryPositions.Input, new PageParameters(50, 200))
{
    public override string Title => "Positions";

    public override string Description =>
        "Single positions, by desk and position_id: quantity (units of the instrument) and delta (cash delta of the whole position, in currency; "
        + "null: none was given). For sums use get_exposure.";

    public override JsonElement OutputSchema { get; } = AnswerSchema.OfList("""
        "rows_as_of": {},
        "positions": {"type": "array", "items": {
          "type": "object",
          "required": ["position_id", "desk", "trader_id", "security_id", "quantity", "delta", "currency", "entry_date"],
          "properties": {"quantity": {"$ref": "#/$defs/money"}, "delta": {"$ref": "#/$defs/money_or_null"}}}}
        """);

    protected override void Write(PositionsAnswer answer, AnswerText text)
    {
        text.Page(answer, "positions");
        if (answer.RowsAsOf is { } behind)
        {
            text.Line($"rows hold every change up to {AnswerText.Time(behind)}; later ones are on their way");
        }

        foreach (var row in answer.Positions)
        {
            var delta = row.Delta is { } amount ? $"delta {AnswerText.Amount(amount, row.Currency)}" : $"no delta, in {row.Currency}";
            text.Line(
                $"- {AnswerText.Quoted(row.PositionId)} {AnswerText.Quoted(row.Desk)} {AnswerText.Quoted(row.TraderId)} {AnswerText.Quoted(row.SecurityId)} "
                + $"quantity {AnswerText.Amount(row.Quantity, "")}, {delta}, entered {row.EntryDate:yyyy-MM-dd}");
        }
    }
}
