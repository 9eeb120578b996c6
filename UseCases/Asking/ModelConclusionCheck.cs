using System.Text.Json;
using RiskMonitor.Llm.Figures;
using RiskMonitor.UseCases.Alerts;
using RiskMonitor.UseCases.Asking.Reading;
using RiskMonitor.UseCases.Asking.Writing;
using RiskMonitor.UseCases.Exposures;

namespace RiskMonitor.UseCases.Asking;

/// <summary>Turns what a model concluded into an answer, if every figure of it stands in a result; the citations are ours, not the model's.</summary>
public static class ModelConclusionCheck
{
    private const int MostChars = 6_000;

    private static readonly string[] s_times = ["as_of", "opened_from", "opened_to", "entry_date_from", "entry_date_to"];

    /// <summary>What the question says and no call of the model has: a time, or desks that are left out.</summary>
    /// <returns>Null where nothing was dropped.</returns>
    public static string? FindDroppedCondition(QuestionReading reading, IReadOnlyList<AskedCall> calls)
    {
        var asked = calls.Where(call => call.Result == "ok").ToList();
        var hasTime = reading.AsOf is not null || reading.OpenedFrom is not null || reading.OpenedTo is not null || reading.EnteredFrom is not null;
        if (hasTime && asked.Count > 0 && !asked.Exists(call => s_times.Any(name => Has(call, name))))
        {
            return $"the question names a time ('{reading.When?.Written}'), and the model asked without one";
        }

        // A list over all desks holds those that were to be left out.
        return reading.Excluded.Count > 0 && asked.Exists(call => !Has(call, "desk") && !Has(call, "exclude_desks") && (call.Tool is ListDesks.Tool or GetExposure.Tool or QueryAlerts.Tool))
            ? "the question leaves desks out, and the model asked for all"
            : null;
    }

    private static bool Has(AskedCall call, string argument) => call.Arguments.ValueKind == JsonValueKind.Object && call.Arguments.TryGetProperty(argument, out _);

    /// <returns>The draft, or what is wrong.</returns>
    public static (AnswerDraft? Draft, string? Problem) Verify(string conclusion, IReadOnlyList<ToolResult> results, Language language, IReadOnlyList<string> desks)
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
        var text = new ConclusionBuilder(language, cited.Count == 0 ? results : [.. cited.Select(source => results[source])]);
        text.Append(conclusion.Trim());
        foreach (var citation in verdict.Citations)
        {
            text.Cite(citation.Figure, results[citation.Source], citation.Path, citation.AsOf);
        }

        DataCaveats.Write(text);
        var asked = results.Select(result => result.Desk is { } desk ? $"{result.Tool} of '{desk}'" : result.Tool).Distinct();
        return (text.ToDraft($"{(language == Language.Chinese ? "模型查询了" : "the model asked")} {string.Join(", ", asked)}"), null);
    }
}
