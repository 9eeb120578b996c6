using System.Text.RegularExpressions;

namespace RiskMonitor.Llm.Figures;

/// <summary>Which of a desk's limits a figure is said to be of, so that the gross limit is not passed off as the net one that is in breach.</summary>
internal static partial class LimitWords
{
    /// <summary>Whether the words around a figure call the limit what it is. A desk that has one limit needs no word for it.</summary>
    public static bool Says(string rest, Subjects subjects, IReadOnlyList<Figure> figures, int index, Evidence candidate, IReadOnlyList<Evidence> all)
    {
        if (candidate.Metric is not (EvidenceMetric.NetLimit or EvidenceMetric.GrossLimit))
        {
            return true;
        }

        var limits = all.Where(other => other.Desk == candidate.Desk && other.Metric is EvidenceMetric.NetLimit or EvidenceMetric.GrossLimit).ToList();
        if (limits.TrueForAll(other => other.Metric == candidate.Metric))
        {
            return true;
        }

        return SaysGross(rest, subjects, figures, index) is { } isGross
            ? isGross == (candidate.Metric == EvidenceMetric.GrossLimit)
            // A limit that is called nothing is the one in breach; where none is, the net one.
            : candidate.IsBreached || (candidate.Metric == EvidenceMetric.NetLimit && !limits.Exists(other => other.IsBreached));
    }

    /// <summary>What the words nearest to the figure say: those up to the limit that follows it, else those before it, else those behind it.</summary>
    /// <returns>Null where its sentence says neither net nor gross.</returns>
    private static bool? SaysGross(string rest, Subjects subjects, IReadOnlyList<Figure> figures, int index)
    {
        var figure = figures[index];
        var (start, end) = subjects.SentenceAt(figure.Start);
        var behind = rest[figure.End..end];
        var next = rest[figure.End..(index + 1 < figures.Count && figures[index + 1].Start < end ? figures[index + 1].Start : end)];
        return OfLimit().Match(next) is { Success: true } named ? named.Groups["gross"].Success
            : Word().Matches(rest[start..figure.Start]).LastOrDefault() is { } before ? before.Groups["gross"].Success
            : Word().Match(behind) is { Success: true } after ? after.Groups["gross"].Success
            : null;
    }

    [GeneratedRegex(@"^[^,.;:()（），。；：]*?(?:(?<gross>\bgross\b|毛|总额)|\bnet\b|净)[^,.;:()（），。；：]{0,12}(?:\blimit|限额)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex OfLimit();

    [GeneratedRegex(@"(?<gross>\bgross\b|毛|总额)|\bnet\b|净", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}
