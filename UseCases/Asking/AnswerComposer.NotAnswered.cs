using RiskMonitor.UseCases.Asking.Reading;
using RiskMonitor.UseCases.Asking.Writing;
using RiskMonitor.UseCases.Exposures;

namespace RiskMonitor.UseCases.Asking;

/// <summary>Answers to questions that cannot be answered: they give the reason, and examples of questions that can be.</summary>
public sealed partial class AnswerComposer
{
    /// <summary>Quotes the words that were not understood, and gives examples of questions that can be answered.</summary>
    public AnswerDraft NotUsed()
    {
        var text = NewConclusion();
        text.Write(
            $"Not answered, because a part of the question was not understood: {string.Join("; ", reading.NotUsed.Select(unused => unused.English))}. {Examples.English}",
            $"未作答，因为问题的一部分没有理解：{string.Join("；", reading.NotUsed.Select(unused => unused.Chinese))}。{Examples.Chinese}");
        return Complete(text, $"not understood: {string.Join(", ", reading.NotUsed.Select(unused => unused.Written))}", $"未理解：{string.Join("、", reading.NotUsed.Select(unused => unused.Written))}");
    }

    /// <summary>Calls the tool with the unknown name, so that a desk outside the caller's scope gets the same answer as a desk that does not exist.</summary>
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
}
