using System.Globalization;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.UseCases.Alerts;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Asking.Reading;
using RiskMonitor.UseCases.Asking.Writing;
using RiskMonitor.UseCases.Exposures;
using RiskMonitor.UseCases.Limits;
using RiskMonitor.UseCases.Positions;

namespace RiskMonitor.UseCases.Asking;

/// <summary>One question being answered.</summary>
public sealed partial class AnswerComposer(QuestionReading reading, ToolCallSession session, IReadOnlyList<string> visible, CancellationToken cancellationToken)
{
    private const int MostDesks = 5;
    private const int MostContributors = 5;

    /// <summary>Rows of the lists that are read whole where that is possible.</summary>
    private const int Rows = 25;

    private readonly List<RequestException> _refused = [];
    private readonly List<ToolResult> _results = [];

    private bool IsChinese => reading.Language == Language.Chinese;

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

    public async Task<AnswerDraft> ContributorsAsync()
    {
        var rows = new List<(string? Desk, IReadOnlyList<ResultNode> Rows)>();
        if (reading.Desks.Count == 0)
        {
            if (await CallAsync(GetExposure.Tool, ("group_by", reading.GroupBy), ("top", Count), ("as_of", reading.AsOf), ("currency", reading.Currency), Excluded) is { } all)
            {
                rows.Add((null, all["rows"].Rows));
            }
        }
        else if (reading.Currency is not null)
        {
            foreach (var desk in reading.Desks.Take(MostDesks))
            {
                if (await CallAsync(
                    GetExposure.Tool, ("group_by", reading.GroupBy), ("desk", desk), ("top", Count), ("as_of", reading.AsOf), ("currency", reading.Currency)) is { } some)
                {
                    rows.Add((desk, some["rows"].Rows));
                }
            }
        }
        else
        {
            foreach (var answer in await DeskExposuresAsync())
            {
                var list = answer["exposure"][$"by_{reading.GroupBy}"];
                if (!list.IsThere)
                {
                    Refuse(RequestError.Forbidden, IsChinese ? "您的权限只能看到交易台级别的合计，看不到交易员和证券" : "traders and securities are withheld from you: your clearance sees aggregates only");
                }
                else
                {
                    rows.Add((answer["desk"].Text, [.. list.Rows.Take(Count)]));
                }
            }
        }

        var text = NewConclusion();
        if (_results.Count > 0 && reading.Desks.Count == 0)
        {
            ListText.Past(text, ResultNode.Of(_results[0]));
        }

        foreach (var (desk, list) in rows)
        {
            ListText.Contributors(text, desk, reading.GroupBy, list);
        }

        if (reading.Currency is { } only)
        {
            text.Write($"These are positions in {only}; amounts are not converted.", $"以上为 {only} 头寸；金额未经换算。");
        }

        var (english, chinese) = reading.GroupBy switch
        {
            "security" => ("securities", "证券"),
            "currency" => ("currencies", "货币"),
            _ => ("traders", "交易员"),
        };
        return Complete(text, $"the largest {english} of {NamesOrAll}{InCurrency}{When}", $"{NamesOrAll} 的最大{chinese}{InCurrency}{When}");
    }

    public async Task<AnswerDraft> TraderAsync()
    {
        var trader = reading.TraderId!;
        var answers = new List<ResultNode>();
        foreach (var desk in reading.Desks.Count == 0 ? [null] : reading.Desks.Take(MostDesks).ToArray<string?>())
        {
            if (await CallAsync(
                GetExposure.Tool,
                ("group_by", "desk"),
                ("trader_id", trader),
                ("desk", desk),
                ("as_of", reading.AsOf),
                ("currency", reading.Currency),
                desk is null ? Excluded : ("exclude_desks", null)) is { } answer)
            {
                answers.Add(answer);
            }
        }

        var text = NewConclusion();
        foreach (var sums in answers)
        {
            ListText.Past(text, sums);
            ListText.Trader(text, sums, trader);
        }

        return Complete(text, $"what trader {NameText.Quoted(trader)} carries on {NamesOrAll}, by desk{When}", $"交易员 {NameText.Quoted(trader)} 在{NamesOrAll}的敞口{When}");
    }

    public Task<AnswerDraft> AlertsAsync()
    {
        var span = (reading.OpenedFrom, reading.OpenedTo) switch
        {
            ({ } from, { } to) => ($", opened from {AlertDocument.Time(from)} to {AlertDocument.Time(to)}", $"，{AlertDocument.Time(from)} 至 {AlertDocument.Time(to)} 开始"),
            ({ } from, null) => ($", opened from {AlertDocument.Time(from)} on", $"，自 {AlertDocument.Time(from)} 开始"),
            (null, { } to) => ($", opened before {AlertDocument.Time(to)}", $"，{AlertDocument.Time(to)} 之前开始"),
            _ => ("", ""),
        };
        var severity = reading.Severity is { } only ? $"{only} " : "";
        var state = reading.IsCuredOnly ? ("ended ", "已结束") : reading.IsOpenOnly ? ("open ", "未结束") : ("", "");
        var status = reading.Status is { } name ? $", {name}" : "";
        return ListAsync(
            QueryAlerts.Tool,
            (text, answer, desk) => ListText.Alerts(text, answer, desk, reading.IsOpenOnly),
            $"{severity}{state.Item1}alerts of {NamesOrAll}{status}{span.Item1}",
            $"{NamesOrAll} 的{severity}{state.Item2}告警{status}{span.Item2}",
            ("breach_state", reading.IsCuredOnly ? "cured" : reading.IsOpenOnly ? "open" : null),
            ("severity", reading.Severity),
            ("status", reading.Status),
            ("opened_from", reading.OpenedFrom is { } begin ? AlertDocument.Time(begin) : null),
            ("opened_to", reading.OpenedTo is { } end ? AlertDocument.Time(end) : null),
            reading.Desks.Count == 0 ? Excluded : ("exclude_desks", null),
            ("page_size", reading.Count ?? 10));
    }

    public async Task<AnswerDraft> OneAlertAsync()
    {
        var answer = await CallAsync(GetAlert.Tool, ("alert_id", reading.AlertId!.Value.ToString("D")));
        var text = NewConclusion();
        if (answer is { } found)
        {
            var row = ListText.Alert(text, found["alert"]);
            text.Write($"{row}.", $"{row}。");
        }

        return Complete(text, $"alert {reading.AlertId:D}", $"告警 {reading.AlertId:D}");
    }

    public async Task<AnswerDraft> OverviewAsync()
    {
        var desks = await CallAsync(ListDesks.Tool, ("order_by", "utilisation"), ("as_of", reading.AsOf), Excluded, ("page_size", Rows));
        var totals = session.Has(GetExposure.Tool) ? await CallAsync(GetExposure.Tool, ("group_by", "currency"), ("as_of", reading.AsOf), Excluded, ("top", MostContributors)) : null;
        // Alerts are as they stand now, and say nothing of another time.
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

    public async Task<AnswerDraft> LimitsAsync()
    {
        if (reading.AsOf is null)
        {
            return await ListAsync(
                GetLimits.Tool,
                ListText.Limits,
                reading.Desks.Count == 0 ? "the limits" : $"the limits of {Names}",
                reading.Desks.Count == 0 ? "限额" : $"{Names} 的限额",
                ("horizon", reading.Horizon));
        }

        if (reading.Desks.Count == 0)
        {
            return await DesksAsync(ListText.Overview, "the limits", "限额");
        }

        // The limit table is that of now; a desk's past knows the limits that were in force.
        var answers = await DeskExposuresAsync();
        var text = NewConclusion();
        foreach (var answer in answers)
        {
            DeskText.PastLimits(text, answer);
        }

        return Complete(text, $"the limits of {Names}{When}", $"{Names} 的限额{When}");
    }

    public Task<AnswerDraft> PositionsAsync()
    {
        var filters = string.Concat(
            reading.TraderId is { } trader ? $", trader_id '{trader}'" : "",
            reading.SecurityId is { } security ? $", security_id '{security}'" : "",
            reading.Currency is { } currency ? $", {currency}" : "",
            reading.EnteredFrom is { } first ? string.Create(CultureInfo.InvariantCulture, $", entered {first:yyyy-MM-dd} to {reading.EnteredTo:yyyy-MM-dd}") : "");
        return ListAsync(
            QueryPositions.Tool,
            (text, answer, _) => ListText.Positions(text, answer),
            $"positions of {NamesOrAll}{filters}",
            $"{NamesOrAll} 的头寸{filters}",
            ("trader_id", reading.TraderId),
            ("security_id", reading.SecurityId),
            ("currency", reading.Currency),
            ("entry_date_from", Day(reading.EnteredFrom)),
            ("entry_date_to", Day(reading.EnteredTo)),
            ("page_size", reading.Count ?? 10));

        static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
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

    /// <summary>Desks that meet conditions.</summary>
    public Task<AnswerDraft> SelectionAsync()
    {
        var what = string.Join(" and ", reading.Conditions.Select(ConditionInEnglish));
        var chinese = string.Join("、", reading.Conditions.Select(ConditionInChinese));
        return DesksAsync((text, list) => ListText.Selected(text, list, what, chinese), $"which desks {what}", $"哪些交易台{chinese}");
    }

    /// <summary>What was not understood, in the question's words, and what can be asked instead.</summary>
    public AnswerDraft NotUsed()
    {
        var text = NewConclusion();
        text.Write(
            $"Not answered, because a part of the question was not understood: {string.Join("; ", reading.NotUsed.Select(unused => unused.English))}. {Examples.English}",
            $"未作答，因为问题的一部分没有理解：{string.Join("；", reading.NotUsed.Select(unused => unused.Chinese))}。{Examples.Chinese}");
        return Complete(text, $"not understood: {string.Join(", ", reading.NotUsed.Select(unused => unused.Written))}", $"未理解：{string.Join("、", reading.NotUsed.Select(unused => unused.Written))}");
    }

    /// <summary>Asked as it stands, so that a desk that may not be seen and one that does not exist are answered alike.</summary>
    public async Task<AnswerDraft> UnknownDeskAsync()
    {
        var name = reading.UnknownDesk!;
        await CallAsync(DeskExposure.Tool, ("desk", name.Length <= 200 ? name : name[..200]));
        return Complete(NewConclusion(), $"a question about a desk called {NameText.Quoted(name)}", $"关于名为“{NameText.Escaped(name)}”的交易台的问题");
    }

    public AnswerDraft NotUnderstood()
    {
        var text = NewConclusion();
        switch (reading.Topic)
        {
            case Topic.Action:
                text.Write(
                    "Questions only read. Alerts are acknowledged, and limits changed, over the HTTP API by a person with the right to.",
                    "提问只能读取数据。确认告警和修改限额须由有权限的人员通过 HTTP API 进行。");
                return Complete(text, "a request to change something", "要求更改数据");
            case Topic.VaguePast:
                text.Write(
                    "Which instant is meant? Name a date, or a time with its zone, such as: what was the exposure of a desk as of 2026-05-04T12:00:00Z?",
                    "请给出具体的日期或带时区的时间，例如：某交易台截至 2026-05-04T12:00:00Z 的敞口是多少？");
                return Complete(text, "a question about the past, without a date or time", "关于过去的问题，但没有给出日期或时间");
            default:
                var why = reading.NotUsed.Where(unused => reading.Desks.Count > 0 || !unused.English.Contains("could not be used", StringComparison.Ordinal)).ToList();
                text.Write(
                    $"This question was not understood. {string.Concat(why.Select(unused => $"{Capitalised(unused.English)}. "))}{Examples.English}",
                    $"没有理解这个问题。{string.Concat(why.Select(unused => $"{unused.Chinese}。"))}{Examples.Chinese}");
                return Complete(text, "nothing that can be answered", "未能理解");
        }
    }
}
