using RiskMonitor.Llm.Figures;
using RiskMonitor.McpFrontend.Asking.Reading;
using RiskMonitor.McpFrontend.Asking.Writing;

namespace RiskMonitor.McpFrontend.Asking;

/// <summary>Turns what a model concluded into an answer, if every figure of it stands in a result; the citations are ours, not the model's.</summary>
internal static class ModelProof
{
    private const int MostChars = 6_000;

    /// <returns>The draft, or what is wrong.</returns>
    public static (Draft? Draft, string? Problem) Of(string conclusion, IReadOnlyList<ToolResult> results, Language language, IReadOnlyList<string> desks)
    {
        if (string.IsNullOrWhiteSpace(conclusion))
        {
            return (null, "the model concluded nothing");
        }

        if (conclusion.Length > MostChars)
        {
            return (null, FormattableString.Invariant($"the model's conclusion has {conclusion.Length} characters, and more than {MostChars} is no conclusion"));
        }

        if (results.Count == 0)
        {
            return (null, "the model's conclusion rests on no result");
        }

        var verdict = FigureCheck.Check(conclusion, [.. results.Select(result => new FigureSource(result.Answer, result.AsOf, result.Desk))], desks);
        if (verdict.Problem is { } problem)
        {
            return (null, $"the model's conclusion cannot be proven: {problem}");
        }

        // Without a figure nobody can tell which results it rests on: all.
        var cited = verdict.Citations.Select(citation => citation.Source).Distinct().Order().ToList();
        var text = new CitedText(language, cited.Count == 0 ? results : [.. cited.Select(source => results[source])]);
        text.Append(conclusion.Trim());
        foreach (var citation in verdict.Citations)
        {
            text.Cite(citation.Figure, results[citation.Source], citation.Path, citation.AsOf);
        }

        Doubts.Write(text);
        var asked = results.Select(result => result.Desk is { } desk ? $"{result.Tool} of '{desk}'" : result.Tool).Distinct();
        return (text.Draft($"{(language == Language.Chinese ? "模型查询了" : "the model asked")} {string.Join(", ", asked)}"), null);
    }
}
