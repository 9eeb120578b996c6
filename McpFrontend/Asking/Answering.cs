using System.Globalization;
using System.Text.Json;
using RiskMonitor.McpFrontend.Answers;
using RiskMonitor.McpFrontend.Asking.Reading;
using RiskMonitor.McpFrontend.Asking.Writing;
using RiskMonitor.McpFrontend.UseCases;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.McpFrontend.Asking;

/// <summary>One question being answered.</summary>
internal sealed class Answering(QuestionReading reading, Inquiry inquiry, IReadOnlyList<string> visible, CancellationToken cancellationToken)
{
    private const int MostDesks = 5;
    private const int MostContributors = 5;

    /// <summary>Rows of the lists that are read whole where that is possible.</summary>
    private const int Rows = 25;

    private readonly List<RequestException> _refused = [];
    private readonly List<ToolResult> _results = [];

    private bool IsChinese => reading.Language == Language.Chinese;

    public async Task<Draft> ExposureAsync()
    {
        var answers = await StandingsAsync();
        var text = Text();
        foreach (var answer in answers)
        {
            DeskText.Standing(text, answer);
        }

        return Done(text, $"the exposure of {Names}{When}", $"{Names} 的敞口{When}");
    }

    public async Task<Draft> ComparisonAsync()
    {
        var answers = await StandingsAsync();
        var text = Text();
        if (answers.Count > 1)
        {
            Compare(text, answers);
        }

        foreach (var answer in answers)
        {
            DeskText.Standing(text, answer);
        }

        return Done(text, $"a comparison of {Names}{When}", $"比较 {Names}{When}");
    }

    public async Task<Draft> ContributorsAsync()
    {
        var rows = new List<(string? Desk, IReadOnlyList<Part> Rows)>();
        if (reading.Desks.Count == 0)
        {
            if (await CallAsync(GetExposure.Tool, ("group_by", reading.GroupBy), ("top", MostContributors)) is { } all)
            {
                rows.Add((null, all["rows"].Rows));
            }
        }
        else
        {
            foreach (var answer in await StandingsAsync())
            {
                var list = answer["exposure"][$"by_{reading.GroupBy}"];
                if (!list.IsThere)
                {
                    Refuse(RequestError.Forbidden, IsChinese ? "您的权限只能看到交易台级别的合计，看不到交易员和证券" : "traders and securities are withheld from you: your clearance sees aggregates only");
                }
                else
                {
                    rows.Add((answer["desk"].Text, [.. list.Rows.Take(MostContributors)]));
                }
            }
        }

        var text = Text();
        foreach (var (desk, list) in rows)
        {
            ListText.Contributors(text, desk, reading.GroupBy, list);
        }

        var (english, chinese) = reading.GroupBy switch
        {
            "security" => ("securities", "证券"),
            "currency" => ("currencies", "货币"),
            _ => ("traders", "交易员"),
        };
        return Done(text, $"the largest {english} of {NamesOrAll}{When}", $"{NamesOrAll} 的最大{chinese}{When}");
    }

    public async Task<Draft> TraderAsync()
    {
        var trader = reading.TraderId!;
        var answer = await CallAsync(GetExposure.Tool, ("group_by", "desk"), ("trader_id", trader), ("desk", reading.Desks.Count == 1 ? reading.Desks[0] : null));
        var text = Text();
        if (answer is { } sums)
        {
            ListText.Trader(text, sums, trader);
        }

        return Done(text, $"what trader '{trader}' carries, by desk", $"交易员 '{trader}' 在各交易台的敞口");
    }

    public Task<Draft> AlertsAsync()
    {
        var since = reading.OpenedFrom is { } day ? $", {(IsChinese ? "自" : "opened from")} {AlertDocument.Time(day)}{(reading.OpenedTo is { } end ? $" {(IsChinese ? "至" : "to")} {AlertDocument.Time(end)}" : "")}" : "";
        var severity = reading.Severity is { } only ? $"{only} " : "";
        return ListAsync(
            QueryAlerts.Tool,
            (text, answer, desk) => ListText.Alerts(text, answer, desk, reading.IsOpenOnly),
            $"{severity}{(reading.IsOpenOnly ? "open " : "")}alerts of {NamesOrAll}{since}",
            $"{NamesOrAll} 的{severity}{(reading.IsOpenOnly ? "未结束" : "")}告警{since}",
            ("breach_state", reading.IsOpenOnly ? "open" : null),
            ("severity", reading.Severity),
            ("opened_from", reading.OpenedFrom is { } from ? AlertDocument.Time(from) : null),
            ("opened_to", reading.OpenedTo is { } to ? AlertDocument.Time(to) : null),
            ("page_size", 10));
    }

    public async Task<Draft> OneAlertAsync()
    {
        var answer = await CallAsync(GetAlert.Tool, ("alert_id", reading.AlertId!.Value.ToString("D")));
        var text = Text();
        if (answer is { } found)
        {
            var row = ListText.Alert(text, found["alert"]);
            text.Say($"{row}.", $"{row}。");
        }

        return Done(text, $"alert {reading.AlertId:D}", $"告警 {reading.AlertId:D}");
    }

    public async Task<Draft> OverviewAsync()
    {
        var desks = await CallAsync(ListDesks.Tool, ("order_by", "utilisation"), ("page_size", Rows));
        var totals = inquiry.Has(GetExposure.Tool) ? await CallAsync(GetExposure.Tool, ("group_by", "currency"), ("top", MostContributors)) : null;
        var alerts = await CallAsync(QueryAlerts.Tool, ("breach_state", "open"), ("page_size", MostContributors));
        var text = Text();
        if (desks is { } list)
        {
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

        return Done(text, "how all desks stand together", "全部交易台的整体情况");
    }

    public Task<Draft> LimitsAsync() => ListAsync(
        GetLimits.Tool, ListText.Limits, reading.Desks.Count == 0 ? "the limits" : $"the limits of {Names}", reading.Desks.Count == 0 ? "限额" : $"{Names} 的限额");

    public Task<Draft> PositionsAsync()
    {
        var filters = string.Concat(
            reading.TraderId is { } trader ? $", trader_id '{trader}'" : "",
            reading.SecurityId is { } security ? $", security_id '{security}'" : "",
            reading.Currency is { } currency ? $", {currency}" : "");
        return ListAsync(
            QueryPositions.Tool,
            (text, answer, _) => ListText.Positions(text, answer),
            $"positions of {NamesOrAll}{filters}",
            $"{NamesOrAll} 的头寸{filters}",
            ("trader_id", reading.TraderId),
            ("security_id", reading.SecurityId),
            ("currency", reading.Currency),
            ("page_size", 10));
    }

    public async Task<Draft> DesksAsync(Action<CitedText, Part> write, string english, string chinese)
    {
        var order = reading.Topic switch
        {
            Topic.DeskNames => "name",
            Topic.Ranking => "net_delta",
            _ => "utilisation",
        };
        var answer = await CallAsync(ListDesks.Tool, ("order_by", order), ("page_size", Rows));
        var text = Text();
        if (answer is { } list)
        {
            write(text, list);
        }

        return Done(text, english, chinese);
    }

    /// <summary>Asked as it stands, so that a desk that may not be seen and one that does not exist are answered alike.</summary>
    public async Task<Draft> UnknownDeskAsync()
    {
        var name = reading.UnknownDesk!;
        await CallAsync(DeskExposure.Tool, ("desk", name.Length <= 200 ? name : name[..200]));
        return Done(Text(), $"a question about a desk called '{name}'", $"关于名为“{name}”的交易台的问题");
    }

    public Draft NotUnderstood()
    {
        var text = Text();
        switch (reading.Topic)
        {
            case Topic.Action:
                text.Say(
                    "Questions only read. Alerts are acknowledged, and limits changed, over the HTTP API by a person with the right to.",
                    "提问只能读取数据。确认告警和修改限额须由有权限的人员通过 HTTP API 进行。");
                return Done(text, "a request to change something", "要求更改数据");
            case Topic.VaguePast:
                text.Say(
                    "Which instant is meant? Name a date, or a time with its zone, such as: what was the exposure of a desk as of 2026-05-04T12:00:00Z?",
                    "请给出具体的日期或带时区的时间，例如：某交易台截至 2026-05-04T12:00:00Z 的敞口是多少？");
                return Done(text, "a question about the past, without a date or time", "关于过去的问题，但没有给出日期或时间");
            default:
                var desk = visible.Count > 0 ? $"'{visible[0]}'" : "Rates";
                text.Say(
                    $"This question was not understood. What can be answered: what is the exposure of {desk}? Which desks are in breach? Who are the largest traders on {desk}? "
                    + $"Open alerts of {desk} today. Compare two desks. What is the limit of {desk}? Morning overview.",
                    $"没有理解这个问题。可以回答的例如：{desk} 的敞口是多少？哪些交易台超限了？{desk} 最大的贡献者是谁？{desk} 今天的告警。比较两个交易台。{desk} 的限额是多少？晨报概览。");
                return Done(text, "nothing that can be answered", "未能理解");
        }
    }

    private string Names => string.Join(IsChinese ? "、" : ", ", reading.Desks.Take(MostDesks).Select(desk => $"'{desk}'"));

    private string NamesOrAll => reading.Desks.Count > 0 ? Names : IsChinese ? "全部交易台" : "all desks";

    private string When => reading.AsOf is { } instant ? $"{(IsChinese ? "，截至 " : " as of ")}{instant}" : "";

    private CitedText Text() => new(reading.Language, [.. _results]);

    private async Task<IReadOnlyList<Part>> StandingsAsync()
    {
        var answers = new List<Part>();
        foreach (var desk in reading.Desks.Take(MostDesks))
        {
            if (await CallAsync(DeskExposure.Tool, ("desk", desk), ("as_of", reading.AsOf), ("horizon", reading.Horizon)) is { } answer)
            {
                answers.Add(answer);
            }
        }

        return answers;
    }

    private async Task<Draft> ListAsync(string tool, Action<CitedText, Part, string?> write, string english, string chinese, params (string Name, object? Value)[] filters)
    {
        var desks = reading.Desks.Count == 0 ? [null] : reading.Desks.Take(MostDesks).ToArray<string?>();
        var answers = new List<(string? Desk, Part Answer)>();
        foreach (var desk in desks)
        {
            if (await CallAsync(tool, [("desk", desk), .. filters]) is { } answer)
            {
                answers.Add((desk, answer));
            }
        }

        var text = Text();
        foreach (var (desk, answer) in answers)
        {
            write(text, answer, desk);
        }

        return Done(text, english, chinese);
    }

    /// <returns>Null where the call was refused for what was asked.</returns>
    /// <exception cref="RequestException">It failed for another reason: so does the question.</exception>
    private async Task<Part?> CallAsync(string tool, params (string Name, object? Value)[] arguments)
    {
        if (!inquiry.Has(tool))
        {
            Refuse(RequestError.Forbidden, IsChinese ? $"您的权限不包括 {tool}" : $"{tool} is not among what you may call");
            return null;
        }

        var given = arguments.Where(argument => argument.Value is not null).ToDictionary(argument => argument.Name, argument => JsonSerializer.SerializeToElement(argument.Value));
        var (result, error) = await inquiry.CallAsync(tool, given, cancellationToken);
        if (result is not null)
        {
            _results.Add(result);
            return Part.Of(result);
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
    private static void Compare(CitedText text, IReadOnlyList<Part> answers)
    {
        var unit = answers[0]["exposure"]["unit"].Text;
        if (answers.All(answer => answer["exposure"]["unit"].Text == unit) && unit is not ("" or "mixed"))
        {
            var ranked = answers.OrderByDescending(answer => Math.Abs(answer["exposure"]["delta"].Number)).ToList();
            var (first, second) = (ranked[0], ranked[1]);
            if (Math.Abs(first["exposure"]["delta"].Number) == Math.Abs(second["exposure"]["delta"].Number))
            {
                text.Say(
                    $"{first["desk"].Text} and {second["desk"].Text} carry net deltas of the same size.",
                    $"{first["desk"].Text} 与 {second["desk"].Text} 的净 Delta 规模相同。");
                return;
            }

            text.Say(
                $"{first["desk"].Text} carries the larger net delta.",
                $"{first["desk"].Text} 的净敞口更大。");
            return;
        }

        text.Say(
            "Their amounts are in different units and cannot be compared as they stand; how much of their limits they use can.",
            "金额单位不同，无法直接比较；可以比较限额使用率。");
        if (answers.All(answer => answer["utilisation"].IsThere))
        {
            var most = answers.MaxBy(answer => answer["utilisation"].Number);
            var used = text.Percent(most["utilisation"]);
            text.Say($"{most["desk"].Text} uses the most of its limit: {used}.", $"{most["desk"].Text} 的限额使用率最高：{used}。");
        }
    }

    private Draft Done(CitedText text, string english, string chinese)
    {
        foreach (var refused in _refused.Select(error => error.Message).Distinct())
        {
            text.Say($"{Capital(refused)}.", $"{refused}。");
        }

        if (reading.Topic != Topic.DeskNames)
        {
            Doubts.Write(text);
        }

        var understood = string.Join(
            IsChinese ? "；" : "; ",
            new[] { IsChinese ? chinese : english }
                .Concat(reading.Guesses)
                .Concat(reading.Desks.Count > MostDesks ? [string.Create(CultureInfo.InvariantCulture, $"{(IsChinese ? "只回答前" : "only the first")} {MostDesks}")] : Array.Empty<string>())
                .Concat(reading.Ignored.Count > 0 ? [$"{(IsChinese ? "未理解" : "not understood")}: {string.Join(' ', reading.Ignored)}"] : Array.Empty<string>()));
        return text.Draft(understood);
    }

    /// <summary>A sentence, unless it begins with the name of a field.</summary>
    private static string Capital(string sentence) =>
        sentence.AsSpan(0, Math.Max(0, sentence.IndexOf(' ', StringComparison.Ordinal))).ContainsAny('_', ':') ? sentence : char.ToUpperInvariant(sentence[0]) + sentence[1..];
}
