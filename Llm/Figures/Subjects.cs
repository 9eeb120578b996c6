using System.Text.RegularExpressions;

namespace RiskMonitor.Llm.Figures;

/// <summary>Finds, by the names around a figure, the desk that the text gives the figure to.</summary>
internal sealed partial class Subjects
{
    private readonly string _rest;
    private readonly IReadOnlyList<Mention> _desks;
    private readonly IReadOnlyList<Mention> _others;
    private readonly IReadOnlyList<Figure> _figures;
    private readonly List<int> _ends;

    /// <param name="rest">The text without names.</param>
    /// <param name="desks">Mentions of desks, in order; likewise of what is below them.</param>
    public Subjects(string rest, IReadOnlyList<Mention> desks, IReadOnlyList<Mention> others, IReadOnlyList<Figure> figures)
    {
        (_rest, _desks, _others, _figures) = (rest, desks, others, figures);
        _ends = [.. SentenceEnd().Matches(rest).Where(match => !figures.Any(figure => figure.Start < match.Index && match.Index < figure.End)).Select(match => match.Index), rest.Length];
    }

    /// <summary>The sentence around a place.</summary>
    public (int Start, int End) SentenceAt(int at)
    {
        var end = _ends.First(end => end >= at);
        var before = _ends.LastOrDefault(end => end < at, -1);
        return (before + 1, end);
    }

    public IEnumerable<(int Start, int End)> Sentences() => _ends.Select((end, i) => (i == 0 ? 0 : _ends[i - 1] + 1, end));

    public IReadOnlyList<string> DesksIn((int Start, int End) sentence) => [.. _desks.Where(mention => mention.Start >= sentence.Start && mention.End <= sentence.End).Select(mention => mention.Name).Distinct()];

    /// <summary>Whether the text says of whom below the desk it speaks.</summary>
    public bool Names(string below, Figure figure)
    {
        var sentence = SentenceAt(figure.Start);
        var earlier = sentence.Start == 0 ? sentence : SentenceAt(sentence.Start - 1);
        return _others.Any(mention => mention.Name == below && mention.Start >= earlier.Start && mention.End <= sentence.End);
    }

    /// <summary>The desks whose figure it may be, and whether it may be that of no single one.</summary>
    public (IReadOnlyList<string>? Desks, bool OrNone) Of(Figure figure)
    {
        var sentence = SentenceAt(figure.Start);
        var here = _desks.Where(mention => mention.Start >= sentence.Start && mention.End <= sentence.End).ToList();
        var before = here.Where(mention => mention.End <= figure.Start).ToList();
        if (before.Count > 0)
        {
            var run = RunBefore(before);
            var isTotal = Total().IsMatch(_rest[Math.Max(sentence.Start, run[^1].End)..figure.Start]);
            return run.Count == 1 ? ([run[0].Name], isTotal) : (InTurn(run, figure, sentence.End), isTotal);
        }

        if (here.Count > 0)
        {
            return ([.. here.Select(mention => mention.Name)], true);
        }

        // "It" and "the desk" refer to the desks of the sentence before.
        var earlier = _desks.LastOrDefault(mention => mention.End <= sentence.Start);
        return earlier is null ? (null, true) : (DesksIn(SentenceAt(earlier.Start)), true);
    }

    /// <summary>The names last mentioned, as far as nothing but "and" stands between them.</summary>
    private List<Mention> RunBefore(List<Mention> mentions)
    {
        var first = mentions.Count - 1;
        while (first > 0 && Connector().IsMatch(_rest[mentions[first - 1].End..mentions[first].Start]))
        {
            first--;
        }

        return mentions[first..];
    }

    /// <summary>As many figures as names: the first is the first one's. Else any of them.</summary>
    private List<string> InTurn(List<Mention> run, Figure figure, int sentenceEnd)
    {
        var next = _desks.FirstOrDefault(mention => mention.Start >= run[^1].End && mention.Start < sentenceEnd)?.Start ?? sentenceEnd;
        var figures = _figures.Where(other => other.Start >= run[^1].End && other.End <= next && other.Noun is null).ToList();
        var turn = figures.IndexOf(figure);
        return figures.Count == run.Count && turn >= 0 ? [run[turn].Name] : [.. run.Select(mention => mention.Name)];
    }

    [GeneratedRegex(@"[.!?](?=\s|$)|[。！？\n;；]")]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@"^[\s""'“”*]*(?:,|、|/|&|，|and|or|vs\.?|versus|和|与|跟|及|以及|对)?[\s""'“”*]*(?:and|the)?[\s""'“”*]*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Connector();

    [GeneratedRegex(@"\b(?:total|overall|together|altogether|all desks|whole book|combined)\b|合计|总计|全部|整体|所有|一共", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Total();
}
