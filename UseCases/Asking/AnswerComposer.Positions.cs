using System.Globalization;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Asking.Writing;
using RiskMonitor.UseCases.Exposures;
using RiskMonitor.UseCases.Positions;

namespace RiskMonitor.UseCases.Asking;

/// <summary>Answers about what is below a desk: traders, securities, currencies and single positions.</summary>
public sealed partial class AnswerComposer
{
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
}
