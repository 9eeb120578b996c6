using System.Globalization;
using System.Text;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Reports;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Asking.Reading;

namespace RiskMonitor.UseCases.Asking.Writing;

/// <summary>Builds a conclusion. Every figure is taken from a result and gets a citation.</summary>
/// <param name="results">The results that may be cited; citations refer to them by index.</param>
public sealed class ConclusionBuilder(Language language, IReadOnlyList<ToolResult> results)
{
    private readonly StringBuilder _text = new();
    private readonly List<Citation> _citations = [];

    public Language Language => language;

    public IReadOnlyList<ToolResult> Results => results;

    public bool IsChinese => language == Language.Chinese;

    /// <summary>Appends the sentence in the language of the question.</summary>
    public void Write(string english, string chinese) => Append(IsChinese ? chinese : english);

    public void Append(string sentence)
    {
        if (_text.Length > 0 && !IsChinese)
        {
            _text.Append(' ');
        }

        _text.Append(sentence);
    }

    /// <summary>The absolute value of an amount; the sentence names the direction in words.</summary>
    public string Size(ResultNode amount, string unit) => Cited(
        IsChinese && unit == Units.Mixed ? $"{FigureText.Amount(Math.Abs(amount.Number), "")}（多币种未换算之和）" : FigureText.Amount(Math.Abs(amount.Number), unit),
        amount);

    public string Percent(ResultNode ratio) => Cited(FigureText.Percent(ratio.Number), ratio);

    public string Count(ResultNode count) => Cited(count.Number.ToString("#,##0", CultureInfo.InvariantCulture), count);

    /// <summary>The number of rows of a list, cited by the list.</summary>
    public string Count(int count, ResultNode list) => Cited(count.ToString("#,##0", CultureInfo.InvariantCulture), list);

    public string Time(ResultNode time) => Cited(time.Text, time);

    public void Cite(string figure, ToolResult result, string path, DateTimeOffset asOf)
    {
        var citation = new Citation(figure, string.Create(CultureInfo.InvariantCulture, $"/results/{IndexOf(result)}/answer{path}"), asOf);
        if (!_citations.Contains(citation))
        {
            _citations.Add(citation);
        }
    }

    public AnswerDraft ToDraft(string understood) => new(understood, _text.ToString(), _citations, results);

    private string Cited(string figure, ResultNode part)
    {
        Cite(figure, part.Result, part.Path, part.Result.AsOf);
        return figure;
    }

    private int IndexOf(ToolResult result)
    {
        for (var i = 0; i < results.Count; i++)
        {
            if (ReferenceEquals(results[i], result))
            {
                return i;
            }
        }

        throw new ArgumentException("the result is none of those that may be cited", nameof(result));
    }
}
