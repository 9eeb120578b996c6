using RiskMonitor.UseCases.Alerts;
using RiskMonitor.UseCases.Asking.Reading;
using RiskMonitor.UseCases.Asking.Writing;
using RiskMonitor.UseCases.Exposures;

namespace RiskMonitor.UseCases.Asking;

/// <summary>Answers about desks: their exposure, comparisons, lists, rankings and the overview.</summary>
public sealed partial class AnswerComposer
{
    public async Task<AnswerDraft> ExposureAsync()
    {
        var answers = await DeskExposuresAsync();
        var text = NewConclusion();
        var isGross = reading.Conditions.Any(condition => condition.StartsWith("gross", StringComparison.Ordinal));
        foreach (var answer in answers)
        {
            foreach (var bound in reading.Bounds)
            {
                DeskText.Verdict(text, answer, bound, isGross);
            }

            if (reading.Currency is { } currency)
            {
                DeskText.InCurrency(text, answer, currency);
            }

            DeskText.ExposureAndLimits(text, answer);
        }

        return Complete(text, $"the exposure of {Names}{When}", $"{Names} 的敞口{When}");
    }

    public async Task<AnswerDraft> ComparisonAsync()
    {
        var answers = await DeskExposuresAsync();
        var text = NewConclusion();
        if (answers.Count > 1)
        {
            Compare(text, answers);
        }

        foreach (var answer in answers)
        {
            DeskText.ExposureAndLimits(text, answer);
        }

        return Complete(text, $"a comparison of {Names}{When}", $"比较 {Names}{When}");
    }

    public async Task<AnswerDraft> OverviewAsync()
    {
        var desks = await CallAsync(ListDesks.Tool, ("order_by", "utilisation"), ("as_of", reading.AsOf), Excluded, ("page_size", Rows));
        var totals = session.Has(GetExposure.Tool) ? await CallAsync(GetExposure.Tool, ("group_by", "currency"), ("as_of", reading.AsOf), Excluded, ("top", MostContributors)) : null;
        // query_alerts returns the current state only, so it cannot answer for another time.
        var alerts = reading.AsOf is null ? await CallAsync(QueryAlerts.Tool, ("breach_state", "open"), Excluded, ("page_size", MostContributors)) : null;
        var text = NewConclusion();
        if (desks is { } list)
        {
            ListText.Past(text, list);
            ListText.Overview(text, list);
        }

        if (totals is { } sums)
        {
            ListText.Totals(text, sums);
        }

        if (alerts is { } open)
        {
            ListText.Alerts(text, open, null, isOpenOnly: true);
        }

        return Complete(text, $"how {NamesOrAll} stand together{When}", $"{NamesOrAll}的整体情况{When}");
    }

    public async Task<AnswerDraft> DesksAsync(Action<ConclusionBuilder, ResultNode> write, string english, string chinese)
    {
        var order = reading.Topic switch
        {
            Topic.DeskNames => "name",
            Topic.Ranking => "net_delta",
            Topic.Selection when reading.Conditions.Any(condition => condition.Contains("delta", StringComparison.Ordinal)) => "net_delta",
            _ => "utilisation",
        };
        var filter = reading.Conditions.Count == 0 ? null : string.Join(" and ", reading.Conditions);
        var answer = await CallAsync(ListDesks.Tool, ("order_by", order), ("as_of", reading.AsOf), ("filter", filter), Excluded, ("page_size", reading.Count ?? Rows));
        var text = NewConclusion();
        if (answer is { } list)
        {
            ListText.Past(text, list);
            write(text, list);
        }

        var without = reading.Excluded.Count == 0 ? ("", "") : ($", without {ExcludedNames}", $"，不含 {ExcludedNames}");
        return Complete(text, $"{english}{without.Item1}{When}", $"{chinese}{without.Item2}{When}");
    }

    /// <summary>Lists the desks that meet the conditions of the question.</summary>
    public Task<AnswerDraft> SelectionAsync()
    {
        var what = string.Join(" and ", reading.Conditions.Select(ConditionInEnglish));
        var chinese = string.Join("、", reading.Conditions.Select(ConditionInChinese));
        return DesksAsync((text, list) => ListText.Selected(text, list, what, chinese), $"which desks {what}", $"哪些交易台{chinese}");
    }

    /// <summary>Names the desk with the larger net delta; if their units differ, the one that uses the most of its limit.</summary>
    private static void Compare(ConclusionBuilder text, IReadOnlyList<ResultNode> answers)
    {
        var unit = answers[0]["exposure"]["unit"].Text;
        if (answers.All(answer => answer["exposure"]["unit"].Text == unit) && unit is not ("" or "mixed"))
        {
            var ranked = answers.OrderByDescending(answer => Math.Abs(answer["exposure"]["delta"].Number)).ToList();
            var (first, second) = (ranked[0], ranked[1]);
            if (Math.Abs(first["exposure"]["delta"].Number) == Math.Abs(second["exposure"]["delta"].Number))
            {
                text.Write(
                    $"{first["desk"].Name} and {second["desk"].Name} carry net deltas of the same size.",
                    $"{first["desk"].Name} 与 {second["desk"].Name} 的净 Delta 规模相同。");
                return;
            }

            text.Write(
                $"{first["desk"].Name} carries the larger net delta.",
                $"{first["desk"].Name} 的净敞口更大。");
            return;
        }

        text.Write(
            "Their amounts are in different units and cannot be compared as they stand; how much of their limits they use can.",
            "金额单位不同，无法直接比较；可以比较限额使用率。");
        if (answers.All(answer => answer["utilisation"].IsThere))
        {
            var most = answers.MaxBy(answer => answer["utilisation"].Number);
            var used = text.Percent(most["utilisation"]);
            text.Write($"{most["desk"].Name} uses the most of its limit: {used}.", $"{most["desk"].Name} 的限额使用率最高：{used}。");
        }
    }

    private static string ConditionInEnglish(string condition) => condition switch
    {
        "in_breach = false" => "are not in breach",
        "in_breach = true" => "are in breach",
        "utilisation_state = no_limit" => "have no limit in force",
        "delta < 0" => "are net short",
        "delta > 0" => "are net long",
        _ => $"have {condition.Replace('_', ' ')}",
    };

    private static string ConditionInChinese(string condition) => condition switch
    {
        "in_breach = false" => "未超限",
        "in_breach = true" => "超限",
        "utilisation_state = no_limit" => "没有生效限额",
        "delta < 0" => "净空头",
        "delta > 0" => "净多头",
        _ => condition.Replace("net_delta", "净 Delta ", StringComparison.Ordinal).Replace("gross_delta", "毛 Delta ", StringComparison.Ordinal).Replace("utilisation", "限额使用率", StringComparison.Ordinal).Replace("unit", "货币", StringComparison.Ordinal),
    };
}
