using System.Globalization;
using System.Text.Json;
using RiskMonitor.UseCases.Alerts;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Asking.Reading;
using RiskMonitor.UseCases.Asking.Writing;
using RiskMonitor.UseCases.Exposures;

namespace RiskMonitor.UseCases.Asking;

/// <summary>The calls that an answer makes, and the words that all answers share.</summary>
public sealed partial class AnswerComposer
{
    private (string English, string Chinese) Examples
    {
        get
        {
            var desk = visible.Count > 0 ? NameText.Quoted(visible[0]) : "Rates";
            return (
                $"What can be answered: what is the exposure of {desk}? Which desks are in breach? Who are the largest traders on {desk}? "
                + $"Open alerts of {desk} today. Compare two desks. What is the limit of {desk}? Morning overview.",
                $"可以回答的例如：{desk} 的敞口是多少？哪些交易台超限了？{desk} 最大的贡献者是谁？{desk} 今天的告警。比较两个交易台。{desk} 的限额是多少？晨报概览。");
        }
    }

    private string Names => string.Join(IsChinese ? "、" : ", ", reading.Desks.Take(MostDesks).Select(NameText.Quoted));

    private string ExcludedNames => string.Join(IsChinese ? "、" : ", ", reading.Excluded.Select(NameText.Quoted));

    private string NamesOrAll => reading.Desks.Count > 0 ? Names
        : reading.Excluded.Count == 0 ? IsChinese ? "全部交易台" : "all desks"
        : IsChinese ? $"除 {ExcludedNames} 外的全部交易台" : $"all desks without {ExcludedNames}";

    private string InCurrency => reading.Currency is { } currency ? IsChinese ? $"（{currency}）" : $" in {currency}" : "";

    /// <summary>Rows of a ranking.</summary>
    private int Count => reading.Count ?? MostContributors;

    private (string Name, object? Value) Excluded => ("exclude_desks", reading.Excluded.Count == 0 ? null : reading.Excluded);

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

    private string When => reading.AsOf is { } instant ? $"{(IsChinese ? "，截至 " : " as of ")}{instant}" : "";

    private ConclusionBuilder NewConclusion() => new(reading.Language, [.. _results]);

    private async Task<IReadOnlyList<ResultNode>> DeskExposuresAsync()
    {
        var answers = new List<ResultNode>();
        foreach (var desk in reading.Desks.Take(MostDesks))
        {
            if (await CallAsync(DeskExposure.Tool, ("desk", desk), ("as_of", reading.AsOf), ("horizon", reading.Horizon)) is { } answer)
            {
                answers.Add(answer);
            }
        }

        return answers;
    }

    private async Task<AnswerDraft> ListAsync(string tool, Action<ConclusionBuilder, ResultNode, string?> write, string english, string chinese, params (string Name, object? Value)[] filters)
    {
        var desks = reading.Desks.Count == 0 ? [null] : reading.Desks.Take(MostDesks).ToArray<string?>();
        var answers = new List<(string? Desk, ResultNode Answer)>();
        foreach (var desk in desks)
        {
            if (await CallAsync(tool, [("desk", desk), .. filters]) is { } answer)
            {
                answers.Add((desk, answer));
            }
        }

        var text = NewConclusion();
        foreach (var (desk, answer) in answers)
        {
            write(text, answer, desk);
        }

        return Complete(text, english, chinese);
    }

    /// <returns>Null where the call was refused for what was asked.</returns>
    /// <exception cref="RequestException">It failed for another reason: so does the question.</exception>
    private async Task<ResultNode?> CallAsync(string tool, params (string Name, object? Value)[] arguments)
    {
        if (!session.Has(tool))
        {
            Refuse(RequestError.Forbidden, IsChinese ? $"您的权限不包括 {tool}" : $"{tool} is not among what you may call");
            return null;
        }

        var given = arguments.Where(argument => argument.Value is not null).ToDictionary(argument => argument.Name, argument => JsonSerializer.SerializeToElement(argument.Value));
        var (result, error) = await session.CallAsync(tool, given, cancellationToken);
        if (result is not null)
        {
            _results.Add(result);
            return ResultNode.Of(result);
        }

        if (error!.Code is not (RequestError.NotFound or RequestError.InvalidInput or RequestError.Forbidden))
        {
            throw error;
        }

        _refused.Add(IsChinese && tool != GetAlert.Tool && error.Code == RequestError.NotFound ? InChinese(error, given) : error);
        return null;
    }

    private static RequestException InChinese(RequestException error, Dictionary<string, JsonElement> given)
    {
        var near = error.Details.SelectMany(detail => detail.Allowed ?? []).Select(name => $"'{name}'").ToList();
        var name = given.TryGetValue("desk", out var desk) ? desk.GetString() : "";
        return new RequestException(error.Code, $"没有名为 '{name}' 的交易台{(near.Count == 0 ? "" : $"；是否指 {string.Join(" 或 ", near)}")}");
    }

    private void Refuse(RequestError code, string why) => _refused.Add(new RequestException(code, why));

    /// <summary>The larger figure, where figures can be compared; amounts of different units cannot.</summary>
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

    private AnswerDraft Complete(ConclusionBuilder text, string english, string chinese)
    {
        if (reading.Ignored.Count > 0 && reading.Topic is not (Topic.Unknown or Topic.Action or Topic.VaguePast) && reading.NotUsed.Count == 0)
        {
            var words = string.Join(IsChinese ? "、" : ", ", reading.Ignored.Select(NameText.Quoted));
            text.Write($"Not understood and left aside: {words}.", $"未理解而略去：{words}。");
        }

        foreach (var refused in _refused.Select(error => error.Message).Distinct())
        {
            text.Write($"{Capitalised(refused)}.", $"{refused}。");
        }

        if (reading.Topic != Topic.DeskNames)
        {
            DataCaveats.Write(text);
        }

        var understood = string.Join(
            IsChinese ? "；" : "; ",
            new[] { IsChinese ? chinese : english }
                .Concat(reading.Guesses)
                .Concat(reading.Desks.Count > MostDesks ? [string.Create(CultureInfo.InvariantCulture, $"{(IsChinese ? "只回答前" : "only the first")} {MostDesks}")] : Array.Empty<string>())
                .Concat(reading.Ignored.Count > 0 ? [$"{(IsChinese ? "未理解" : "not understood")}: {NameText.Escaped(string.Join(' ', reading.Ignored))}"] : Array.Empty<string>()));
        return text.ToDraft(understood);
    }

    /// <summary>A sentence, unless it begins with the name of a field.</summary>
    private static string Capitalised(string sentence) =>
        sentence.AsSpan(0, Math.Max(0, sentence.IndexOf(' ', StringComparison.Ordinal))).ContainsAny('_', ':') ? sentence : char.ToUpperInvariant(sentence[0]) + sentence[1..];
}
