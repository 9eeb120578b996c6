using System.Globalization;

namespace RiskMonitor.UseCases.Asking.Reading.Times;

/// <summary>
/// Reads the time that a question asks for, in English or Chinese. It joins expressions that belong together (a day, a clock time, a zone), reads the words
/// between and before them (from … to, since, before), and converts them to instants. A time that is ambiguous, wrong or in the future is returned as a
/// problem, because a guess could answer another question.
/// </summary>
public sealed partial class TimeReader(BusinessTime business)
{
    private readonly TimeScanner _scanner = new(business);

    /// <summary>Finds the time expressions of a text and joins those that belong together.</summary>
    public IReadOnlyList<TimeExpression> Scan(string text)
    {
        var expressions = _scanner.Scan(text);
        for (var i = 0; i + 1 < expressions.Count;)
        {
            if (expressions[i + 1].At >= expressions[i].End && BetweenParts().IsMatch(text[expressions[i].End..expressions[i + 1].At]) && Join(expressions[i], expressions[i + 1]) is { } joined)
            {
                expressions[i] = joined;
                expressions.RemoveAt(i + 1);
                // A third expression may follow: Friday, 3 May, 14:30.
                i = Math.Max(0, i - 1);
            }
            else
            {
                i++;
            }
        }

        return expressions;
    }

    /// <summary>Reads the time that the expressions mean together. Strikes them out with the words that join them.</summary>
    public (RequestedTime? Time, IReadOnlyList<NotUsed> Problems) Read(FoldedText text, IReadOnlyList<TimeExpression> scanned)
    {
        var rest = text.Rest;
        // "Now" beside another time has no meaning unless it is the end of a range.
        var isToNow = scanned.Count == 2 && scanned[1].Kind == TimeExpressionKind.Now && BetweenEnds().IsMatch(rest[scanned[0].End..scanned[1].At]);
        var expressions = scanned.Where(expression => expression.Kind != TimeExpressionKind.Now || scanned.Count == 1 || isToNow).ToList();
        foreach (var expression in scanned)
        {
            text.Strike(expression.At, expression.End - expression.At);
        }

        if (expressions.Count == 0)
        {
            return (null, []);
        }

        var problems = expressions.Select(expression => expression.Problem).OfType<NotUsed>()
            .Select(problem => problem with { Written = Written(text, rest, problem.Written) }).ToList();
        if (problems.Count > 0)
        {
            return (null, problems);
        }

        if (expressions.Count > 2 || (expressions.Count == 2 && !BetweenEnds().IsMatch(rest[expressions[0].End..expressions[1].At])))
        {
            var written = string.Join(", ", expressions.Select(expression => text.Written(expression.At, expression.End - expression.At)));
            return (null, [new NotUsed(written, $"several times are named ({written}); ask about one at a time", $"提到了多个时间（{written}）；请每次只问一个")]);
        }

        var range = expressions.Count == 2 ? CompleteRange(expressions[0], expressions[1]) : (expressions[0], null);
        var (from, to) = (range.Item1, range.Item2);
        var (start, end) = (from.At, (to ?? from).End);
        if (to is not null)
        {
            text.Strike(from.End, to.At - from.End);
        }

        var prefix = Prefix().Match(rest[..start]);
        var suffix = Suffix().Match(rest, end);
        var said = $"{prefix.Groups["w"].Value} {suffix.Groups["w"].Value}".Trim();
        if (prefix.Success)
        {
            text.Strike(prefix.Index, prefix.Length);
            start = prefix.Index;
        }

        if (suffix.Success)
        {
            text.Strike(suffix.Index, suffix.Length);
            end = suffix.Index + suffix.Length;
        }

        var all = text.Written(start, end - start);
        try
        {
            var (asked, wrong) = to is not null ? Between(from, to, all) : Single(from, said, all);
            return (asked is null ? null : asked with { IsAsOf = AsOfWord().IsMatch(said) }, wrong);
        }
        catch (ArgumentOutOfRangeException)
        {
            return (null, [TimeScanner.NoSuchDay(all)]);
        }
    }

    private static string Written(FoldedText text, string rest, string folded) =>
        rest.IndexOf(folded, StringComparison.Ordinal) is var at and >= 0 ? text.Written(at, folded.Length) : folded;

    /// <summary>Reads one expression with the word before or behind it.</summary>
    private (RequestedTime?, IReadOnlyList<NotUsed>) Single(TimeExpression expression, string said, string written)
    {
        if (expression.Kind == TimeExpressionKind.Now)
        {
            return (new RequestedTime(TimeKind.Now, written, null, null, null), []);
        }

        var (from, to, day, problem) = Resolve(expression, written);
        if (problem is not null)
        {
            return (null, [problem]);
        }

        var isAgo = expression.Modifier == TimeScanner.Ago;
        // "From yesterday" means yesterday; "from 3 May" means since 3 May.
        var isSince = SinceWord().IsMatch(said) || (said == "from" && (isAgo || expression.Kind is not (TimeExpressionKind.Period or TimeExpressionKind.Weekday))) || (isAgo && said == "less than");
        var isBefore = BeforeWord().IsMatch(said) || (isAgo && MoreThan().IsMatch(said));
        var (isAfter, isUntil) = (AfterWord().IsMatch(said), UntilWord().IsMatch(said));
        if (expression.Kind is TimeExpressionKind.Rolling)
        {
            return isBefore || isUntil || isAfter ? (null, [Unclear(written)]) : Requested(TimeKind.Span, from, to, null, written);
        }

        // "Until 3 May" includes 3 May; "as of 3 May" means the close of that day.
        return isSince ? Requested(TimeKind.Span, from, null, null, written)
            : isAfter ? Requested(TimeKind.Span, to ?? from, null, null, written)
            : isBefore ? Requested(TimeKind.Span, null, from, null, written)
            : isUntil ? Requested(TimeKind.Span, null, to ?? from, day, written)
            : day is not null ? Requested(TimeKind.Day, from, to, day, written)
            : to is null ? Requested(TimeKind.Instant, from, null, null, written)
            : Requested(TimeKind.Span, from, to, null, written);
    }

    /// <summary>Reads a range; the last day is included.</summary>
    private (RequestedTime?, IReadOnlyList<NotUsed>) Between(TimeExpression first, TimeExpression last, string written)
    {
        var (from, firstEnd, _, problem) = Resolve(first, written);
        var (start, to, _, other) = Resolve(last, written);
        if (problem is not null || other is not null)
        {
            return (null, [problem ?? other!]);
        }

        var end = last.Kind == TimeExpressionKind.Now ? business.Now : to ?? start;
        if (end <= from)
        {
            // "Today and yesterday" is two adjacent days in reverse order, which is a valid range.
            return to is not null && end == from && firstEnd is not null ? Requested(TimeKind.Span, start, firstEnd, null, written) : (null, [TimeScanner.EndsBefore(written)]);
        }

        return Requested(TimeKind.Span, from, end, null, written);
    }

    private (RequestedTime?, IReadOnlyList<NotUsed>) Requested(TimeKind kind, DateTimeOffset? from, DateTimeOffset? to, DateOnly? day, string written)
    {
        var begins = from ?? to;
        return begins > business.Now && !(from is null && day is not null)
            ? (null, [new NotUsed(
                written,
                $"'{written}' is yet to come (it is {Local(business.Now)} in {business.Zone.Id}); questions are about now and before",
                $"“{written}”尚未到来（{business.Zone.Id} 现在是 {Local(business.Now)}）；只能询问现在和过去")])
            : (new RequestedTime(kind, written, from, to, day), []);
    }

    private string Local(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, business.Zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static NotUsed Unclear(string written) => new(written, $"'{written}' was not understood; give dates or times, such as 2026-05-04 or 2026-05-04T12:00:00Z", $"没有理解“{written}”；请给出日期或时间，例如 2026-05-04 或 2026-05-04T12:00:00Z");
}
