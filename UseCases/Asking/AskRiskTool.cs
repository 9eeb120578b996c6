using System.Text.Json;
using RiskMonitor.UseCases.Tools;

namespace RiskMonitor.UseCases.Asking;

/// <summary>The tool for the use case <see cref="AskRisk"/>.</summary>
public sealed class AskRiskTool(AskRisk useCase) : RiskTool<AskRiskInput, AskAnswer>(useCase, AskRisk.Input)
{
    public override string Title => "Question in plain language";

    public override string Description =>
        "Answers a question about exposures, breaches, limits, alerts, contributors or positions in English or Chinese, by calling the other tools "
        + "with your rights; says what it understood, and cites where each figure of its conclusion stands. Use the other tools where you know which "
        + "one you need.";

    public override bool AsksOutside => true;

    public override JsonElement OutputSchema { get; } = AnswerSchema.Of("""
        "question": {},
        "understood": {},
        "conclusion": {},
        "citations": {"type": "array", "items": {"type": "object", "required": ["figure", "path", "as_of"]}},
        "calls": {"type": "array", "items": {"type": "object", "required": ["tool", "arguments", "result"]}},
        "results": {"type": "array", "items": {"type": "object", "required": ["call", "tool", "answer"]}},
        "answered_by": {"enum": ["model", "rules"]},
        "rejected": {"$ref": "#/$defs/text_or_null"}
        """);

    protected override void Write(AskAnswer answer, AnswerText text)
    {
        text.Line(answer.Conclusion);
        text.Line($"understood as: {AnswerText.Quoted(answer.Understood)}, answered by {answer.AnsweredBy}");
        if (answer.Rejected is { } rejected)
        {
            text.Line($"the model's answer was not used: {AnswerText.Quoted(rejected)}");
        }
    }
}
