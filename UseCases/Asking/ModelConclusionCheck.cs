using System.Text.Json;
using RiskMonitor.Llm.Figures;
using RiskMonitor.UseCases.Alerts;
using RiskMonitor.UseCases.Asking.Reading;
using RiskMonitor.UseCases.Asking.Writing;
using RiskMonitor.UseCases.Exposures;

namespace RiskMonitor.UseCases.Asking;

/// <summary>Turns a model's conclusion into an answer if every figure of it is in a result. The citations come from this check, not from the model.</summary>
public static class ModelConclusionCheck
{
    private const int MostChars = 6_000;

    private static readonly string[] s_times = ["as_of", "opened_from", "opened_to", "entry_date_from", "entry_date_to"];

    /// <summary>Finds a condition of the question that no call of the model contains: a time, or excluded desks.</summary>
    /// <returns>The reason to reject the conclusion; null if no condition was dropped.</returns>
    public static string? FindDroppedCondition(QuestionReading reading, IReadOnlyList<AskedCall> calls)
    {
        var asked = calls.Where(call => call.Result == "ok").ToList();
        var hasTime = reading.AsOf is not null || reading.OpenedFrom is not null || reading.OpenedTo is not null || reading.EnteredFrom is not null;
        if (hasTime && asked.Count > 0 && !asked.Exists(call => s_times.Any(name => Has(call, name))))
        {
            return $"the question names a time ('{reading.When?.Written}'), and the model asked without one";
        }

        // A list over all desks contains the desks that the question excludes.
        return reading.Excluded.Count > 0 && asked.Exists(call => !Has(call, "desk") && !Has(call, "exclude_desks") && (call.Tool is ListDesks.Tool or GetExposure.Tool or QueryAlerts.Tool))
            ? "the question leaves desks out, and the model asked for all"
            : null;
    }

    private static bool Has(AskedCall call, string argument) => call.Arguments.ValueKind == JsonValueKind.Object && call.Arguments.TryGetProperty(argument, out _);

    /// <returns>The draft, or the reason why the conclusion is rejected.</returns>
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

        // A conclusion without figures does not show which results it uses, so the answer lists them all.
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
