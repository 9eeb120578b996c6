namespace RiskMonitor.Llm.Figures;

/// <summary>
/// Proves a text against results: every figure in it is one of theirs, of the desk that the text names, in its unit and with its sign, after
/// the rounding that the text states. The text's author is not asked where a figure comes from.
/// </summary>
public static class FigureCheck
{
    /// <summary>What has more is a table and no conclusion, and takes long to prove.</summary>
    private const int MostFigures = 200;

    /// <param name="text">In English or Chinese.</param>
    /// <param name="desks">All desks that the text may speak of, also those of which there is no result.</param>
    public static FigureVerdict Check(string text, IReadOnlyList<FigureSource> sources, IEnumerable<string> desks)
    {
        var plain = PlainText.Of(text);
        var evidence = EvidenceReader.Read(sources);
        var known = evidence.Desks.Concat(desks).ToHashSet(StringComparer.Ordinal);
        var names = Names.In(plain, evidence.Names.Concat(known));
        if (!PlainText.IsReadable(names.Rest))
        {
            return new FigureVerdict([], "it is neither English nor Chinese, so that figures in words cannot be found");
        }

        var figures = FigureReader.Read(names.Rest);
        if (figures.Count > MostFigures)
        {
            return new FigureVerdict([], FormattableString.Invariant($"it has {figures.Count} figures; more than {MostFigures} are no conclusion"));
        }

        var subjects = new Subjects(
            names.Rest,
            [.. names.Mentions.Where(mention => known.Contains(mention.Name))],
            [.. names.Mentions.Where(mention => !known.Contains(mention.Name))],
            figures);
        if (UnknownSubjects.Problem(names.Rest, subjects, figures) is { } unknown)
        {
            return new FigureVerdict([], unknown);
        }

        var isOneDesk = evidence.Desks.Count <= 1;
        var citations = new List<FigureCitation>();
        foreach (var (i, figure) in figures.Index())
        {
            var written = plain[figure.Start..figure.End].Trim();
            var wording = Wording.Of(names.Rest, figures, i);
            var same = figure.Kind == FigureKind.Unreadable ? [] : evidence.All.Where(candidate => FigureMatch.SaysValue(figure, candidate, wording)).ToList();
            var own = same.Where(candidate => IsOf(figure, candidate, subjects, isOneDesk)).ToList();
            var called = own.Where(candidate => FigureMatch.SaysMetric(figure, candidate, wording) && LimitWords.Says(names.Rest, subjects, figures, i, candidate, evidence.All)).ToList();
            var unitBeside = figure.Unit is null ? figure with { Unit = UnitOfSentence(names.Rest, subjects, figure) } : figure;
            if (called.FirstOrDefault(candidate => FigureMatch.SaysUnit(unitBeside, candidate, UnitsOf(candidate.Desk, evidence))) is not { } found)
            {
                var why = figure.Kind == FigureKind.Unreadable ? "cannot be read as a figure of any result"
                    : same.Count == 0 ? "is in no result"
                    : own.Count == 0 ? "is in a result, but not of whom the text says"
                    : called.Count == 0 ? "is in a result, but as something else than the text says"
                    : "is in a result, but in another unit";
                return new FigureVerdict([], $"'{written}' {why}");
            }

            citations.Add(new FigureCitation(written, found.Source, found.Path, found.AsOf));
        }

        return LimitClaims.Problem(names.Rest, subjects, evidence.Breaches) is { } wrong
            ? new FigureVerdict([], wrong)
            : new FigureVerdict([.. citations.Distinct()], null);
    }

    /// <param name="isOneDesk">The results are of one desk at most, so that a text that names none can mean no other.</param>
    private static bool IsOf(Figure figure, Evidence evidence, Subjects subjects, bool isOneDesk)
    {
        // When something was is told of results as a whole as often as of a desk.
        if (evidence.Kind == EvidenceKind.Instant && evidence.Desk is null)
        {
            return true;
        }

        var (desks, orNone) = subjects.Of(figure);
        var isDesk = evidence.Desk is null
            ? orNone || desks is null || figure.Noun == CountNoun.Desk
            : desks is null ? isOneDesk : desks.Contains(evidence.Desk);
        return isDesk && evidence.Below.All(below => subjects.Names(below, figure));
    }

    /// <summary>The only currency that a sentence names: it is meant for the amounts in it that stand without.</summary>
    private static string? UnitOfSentence(string rest, Subjects subjects, Figure figure)
    {
        var (start, end) = subjects.SentenceAt(figure.Start);
        var units = Currencies.Anywhere().Matches(rest[start..end]).Select(Currencies.Code).Distinct().Take(2).ToList();
        return units.Count == 1 ? units[0] : null;
    }

    private static HashSet<string> UnitsOf(string? desk, EvidenceReader evidence) =>
        [.. evidence.All.Where(other => desk is null || other.Desk == desk).Select(other => other.Unit).OfType<string>()];
}
