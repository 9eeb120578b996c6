using System.Globalization;
using System.Text;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Reports;
using RiskMonitor.Risk.Texts;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.UseCases.Tools;

/// <summary>
/// Writes an answer in short lines. Names and messages come from data: they are quoted, and characters that could begin a new line are escaped.
/// </summary>
public sealed class AnswerText(Answer answer)
{
    private readonly StringBuilder _lines = new();

    /// <summary>One line, whatever is in it.</summary>
    public void Line(string text)
    {
        _lines.Append(VisibleText.Escaped(text)).Append('\n');
    }

    /// <summary>States the number of rows on this page and how to get the others.</summary>
    public void Page(ListAnswer list, string noun)
    {
        Line(list.NextCursor is not null
            ? string.Create(CultureInfo.InvariantCulture, $"{list.Returned} of {list.Total} {noun}; next page: cursor {Quoted(list.NextCursor!)}")
            : string.Create(CultureInfo.InvariantCulture, $"{list.Returned} of {list.Total} {noun}"));
        if (list.Hint is not null)
        {
            Line(list.Hint);
        }
    }

    /// <summary>An amount as it stands in the structured answer.</summary>
    public static string Amount(Money money, string unit) => FigureText.Amount(money.Amount, unit);

    public static string Time(DateTimeOffset at) => AlertDocument.Time(at);

    /// <summary>Text from data, quoted and on one line.</summary>
    public static string Quoted(string text) => VisibleText.Quoted(text);

    public override string ToString()
    {
        var (state, reasons) = (answer.Feed.State, answer.Feed.Reasons);
        if (state != FeedState.Live.Name())
        {
            Line($"feed {state}: {string.Join("; ", reasons)}");
        }

        if (answer.Withheld.Count > 0)
        {
            Line($"withheld from you: {string.Join(", ", answer.Withheld)}");
        }

        return _lines.Append(CultureInfo.InvariantCulture, $"as of {Time(answer.AsOf)}, feed {state}").ToString();
    }
}
