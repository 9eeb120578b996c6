using System.Globalization;
using System.Text.RegularExpressions;

namespace RiskMonitor.UseCases.Asking.Reading.Times;

/// <summary>
/// Reads the time that a question asks for, in English or Chinese: joins what belongs together (a day, a clock time, a zone), reads what stands between
/// and before (from … to, since, before), and turns it into instants. What is ambiguous, wrong or yet to come is said, never guessed.
/// </summary>
public sealed partial class TimeReader(BusinessTime business)
{
    private readonly TimeScanner _scanner = new(business);

    /// <summary>The expressions of a text, each with what belongs together joined.</summary>
    public IReadOnlyList<TimeExpression> Scan(string text)
    {
        var expressions = _scanner.Scan(text);
        for (var i = 0; i + 1 < expressions.Count;)
        {
            if (expressions[i + 1].At >= expressions[i].End && BetweenParts().IsMatch(text[expressions[i].End..expressions[i + 1].At]) && Joined(expressions[i], expressions[i + 1]) is { } joined)
            {
                expressions[i] = joined;
                expressions.RemoveAt(i + 1);
                // A third part may follow: Friday, 3 May, 14:30.
                i = Math.Max(0, i - 1);
            }
            else
            {
                i++;
            }
        }

        return expressions;
    }

    /// <summary>What the expressions ask for together. Strikes them out, with the words that join them.</summary>
    public (RequestedTime? Time, IReadOnlyList<NotUsed> Problems) Read(FoldedText text, IReadOnlyList<TimeExpression> scanned)
    {
        var rest = text.Rest;
        // "Now" beside another time says nothing, but where it is the end of a range.
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

        var range = expressions.Count == 2 ? Range(expressions[0], expressions[1]) : (expressions[0], null);
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

    /// <summary>One expression, with the word before or behind it.</summary>
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
        // From yesterday is of yesterday; from 3 May is since then.
        var isSince = SinceWord().IsMatch(said) || (said == "from" && (isAgo || expression.Kind is not (TimeExpressionKind.Period or TimeExpressionKind.Weekday))) || (isAgo && said == "less than");
        var isBefore = BeforeWord().IsMatch(said) || (isAgo && MoreThan().IsMatch(said));
        var (isAfter, isUntil) = (AfterWord().IsMatch(said), UntilWord().IsMatch(said));
        if (expression.Kind is TimeExpressionKind.Rolling)
        {
            return isBefore || isUntil || isAfter ? (null, [Unclear(written)]) : Asked(TimeKind.Span, from, to, null, written);
        }

        // Until a day is said with that day in it; as of a day it is the day that is meant.
        return isSince ? Asked(TimeKind.Span, from, null, null, written)
            : isAfter ? Asked(TimeKind.Span, to ?? from, null, null, written)
            : isBefore ? Asked(TimeKind.Span, null, from, null, written)
            : isUntil ? Asked(TimeKind.Span, null, to ?? from, day, written)
            : day is not null ? Asked(TimeKind.Day, from, to, day, written)
            : to is null ? Asked(TimeKind.Instant, from, null, null, written)
            : Asked(TimeKind.Span, from, to, null, written);
    }

    /// <summary>From one to the other; a last day is in it.</summary>
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
            // "Today and yesterday": the days touch, and only their order is turned.
            return to is not null && end == from && firstEnd is not null ? Asked(TimeKind.Span, start, firstEnd, null, written) : (null, [TimeScanner.EndsBefore(written)]);
        }

        return Asked(TimeKind.Span, from, end, null, written);
    }

    private (RequestedTime?, IReadOnlyList<NotUsed>) Asked(TimeKind kind, DateTimeOffset? from, DateTimeOffset? to, DateOnly? day, string written)
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

    /// <summary>What both ends of a range have, although only one says it: the day of a clock time, the year of a day.</summary>
    private static (TimeExpression, TimeExpression?) Range(TimeExpression first, TimeExpression last)
    {
        if (first.Kind == TimeExpressionKind.Clock && last.Kind == TimeExpressionKind.DayAndClock)
        {
            first = last with { At = first.At, End = first.End, Clock = first.Clock, ClockTo = first.ClockTo, Zone = first.Zone ?? last.Zone };
        }
        else if (last.Kind == TimeExpressionKind.Clock && first.Kind == TimeExpressionKind.DayAndClock)
        {
            last = first with { At = last.At, End = last.End, Clock = last.Clock, ClockTo = last.ClockTo, Zone = last.Zone ?? first.Zone };
        }

        if (first is { Kind: TimeExpressionKind.Date or TimeExpressionKind.DayAndClock, Year: null, Month: > 0 } && last.Year is { } year)
        {
            first = first with { Year = year };
        }
        else if (last is { Kind: TimeExpressionKind.Date or TimeExpressionKind.DayAndClock, Year: null, Month: > 0 } && first.Year is { } given)
        {
            last = last with { Year = given };
        }

        if (first.Kind is TimeExpressionKind.Clock or TimeExpressionKind.DayAndClock && last.Kind is TimeExpressionKind.Clock or TimeExpressionKind.DayAndClock)
        {
            // A zone that is said once holds for both.
            var zone = first.Zone ?? last.Zone;
            (first, last) = (first with { Zone = first.Zone ?? zone }, last with { Zone = last.Zone ?? zone });
        }

        return (first, last);
    }

    /// <summary>Two parts as one; null where they do not belong together.</summary>
    private TimeExpression? Joined(TimeExpression first, TimeExpression second)
    {
        if (first.Problem is not null || second.Problem is not null)
        {
            return null;
        }

        var whole = (At: first.At, End: second.End);
        if (second.Kind == TimeExpressionKind.Clock && first.IsDay && first.Edge.Length == 0 && !(first.Kind == TimeExpressionKind.Date && first.DayOfMonth == 0))
        {
            return first with { End = whole.End, Kind = TimeExpressionKind.DayAndClock, Clock = second.Clock, ClockTo = second.ClockTo, Zone = second.Zone ?? first.Zone, From = DayOf(first, first.From), Modifier = "" };
        }

        if (first.Kind == TimeExpressionKind.Clock && second.IsDay && second.Edge.Length == 0 && !(second.Kind == TimeExpressionKind.Date && second.DayOfMonth == 0))
        {
            return second with { At = whole.At, Kind = TimeExpressionKind.DayAndClock, Clock = first.Clock, ClockTo = first.ClockTo, Zone = second.Zone ?? first.Zone, From = DayOf(second, second.From), Modifier = "" };
        }

        // This morning at 9:30; 下午 2:30.
        if (first.Kind == TimeExpressionKind.Clock && second.Kind == TimeExpressionKind.Clock && (first.ClockTo is null) != (second.ClockTo is null))
        {
            var (part, clock) = first.ClockTo is null ? (second, first) : (first, second);
            var time = clock.Clock.TotalHours < 12 && part.Clock.TotalHours >= 12 ? clock.Clock + TimeSpan.FromHours(12) : clock.Clock;
            return clock with { At = whole.At, End = whole.End, Clock = time, Zone = first.Zone ?? second.Zone };
        }

        if (first.Kind == TimeExpressionKind.DayAndClock && first.ClockTo is not null && second.Kind == TimeExpressionKind.Clock && second.ClockTo is null)
        {
            var time = second.Clock.TotalHours < 12 && first.Clock.TotalHours >= 12 ? second.Clock + TimeSpan.FromHours(12) : second.Clock;
            return first with { End = whole.End, Clock = time, ClockTo = null, Zone = second.Zone ?? first.Zone };
        }

        if (first.Kind == TimeExpressionKind.DayAndClock && first.ClockTo is null && second is { Kind: TimeExpressionKind.Clock, ClockTo: not null } && first.Clock.TotalHours <= 12)
        {
            var time = first.Clock.TotalHours < 12 && second.Clock.TotalHours >= 12 ? first.Clock + TimeSpan.FromHours(12) : first.Clock;
            return first with { End = whole.End, Clock = time };
        }

        // Friday, 3 May: the day of the week proves the date.
        if (first.Kind == TimeExpressionKind.Weekday && second is { Kind: TimeExpressionKind.Date, DayOfMonth: > 0 })
        {
            return Proven(second with { At = whole.At }, first.Weekday);
        }

        if (second is { Kind: TimeExpressionKind.Weekday, Modifier: "" } && first is { Kind: TimeExpressionKind.Date, DayOfMonth: > 0 })
        {
            return Proven(first with { End = whole.End }, second.Weekday);
        }

        // Friday of last week.
        if (first is { Kind: TimeExpressionKind.Weekday, Modifier: "" } && second is { Kind: TimeExpressionKind.Period, Modifier: "week" })
        {
            return OfWeek(second, first.Weekday) with { At = whole.At };
        }

        return second is { Kind: TimeExpressionKind.Weekday, Modifier: "" } && first is { Kind: TimeExpressionKind.Period, Modifier: "week" } ? OfWeek(first, second.Weekday) with { End = whole.End } : null;
    }

    private static TimeExpression OfWeek(TimeExpression week, DayOfWeek weekday)
    {
        var day = week.From.AddDays(((int)weekday + 6) % 7);
        return week with { From = day, To = day.AddDays(1), Modifier = "" };
    }

    private TimeExpression Proven(TimeExpression date, DayOfWeek weekday)
    {
        var day = DayOf(date, default);
        return day.DayOfWeek == weekday ? date with { Year = day.Year } : date with
        {
            Problem = new NotUsed(
                $"{weekday}",
                string.Create(CultureInfo.InvariantCulture, $"{day:yyyy-MM-dd} is a {day.DayOfWeek} and no {weekday}; say which is meant"),
                string.Create(CultureInfo.InvariantCulture, $"{day:yyyy-MM-dd} 不是所说的星期几；请说明是哪一天")),
        };
    }

    /// <summary>The day that a part names.</summary>
    private DateOnly DayOf(TimeExpression expression, DateOnly period)
    {
        if (expression.Kind == TimeExpressionKind.Weekday)
        {
            var monday = business.Today.AddDays(-((int)business.Today.DayOfWeek + 6) % 7);
            var ofWeek = ((int)expression.Weekday + 6) % 7;
            var back = ((int)business.Today.DayOfWeek - (int)expression.Weekday + 7) % 7;
            return expression.Modifier switch
            {
                "本" or "这" or "this" => monday.AddDays(ofWeek),
                "上" => monday.AddDays(ofWeek - 7),
                "上上" => monday.AddDays(ofWeek - 14),
                "下" => monday.AddDays(ofWeek + 7),
                "next" or "coming" => business.Today.AddDays(7 - back),
                "last" or "previous" or "past" => business.Today.AddDays(back == 0 ? -7 : -back),
                _ => business.Today.AddDays(-back),
            };
        }

        if (expression.Month == 0)
        {
            return period;
        }

        // The most recent one that has been, where no year is said.
        var year = expression.Year ?? business.Today.Year;
        var day = Math.Max(1, expression.DayOfMonth);
        while (expression.Year is null && (day > DateTime.DaysInMonth(year, expression.Month) || new DateOnly(year, expression.Month, day) > business.Today))
        {
            year--;
        }

        return new DateOnly(year, expression.Month, day);
    }

    /// <returns>From and to; to is null for an instant. The day where it is one, in the business time zone.</returns>
    private (DateTimeOffset? From, DateTimeOffset? To, DateOnly? Day, NotUsed? Problem) Resolve(TimeExpression expression, string written)
    {
        var zone = expression.Zone ?? business.Zone;
        switch (expression.Kind)
        {
            case TimeExpressionKind.Instant:
                return (expression.InstantFrom, null, null, null);
            case TimeExpressionKind.Rolling:
                return (expression.InstantFrom, expression.InstantTo, null, null);
            case TimeExpressionKind.Now:
                return (business.Now, null, null, null);
            case TimeExpressionKind.Clock:
                return AtClock(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(business.Now, zone).DateTime), expression, zone, written);
            case TimeExpressionKind.DayAndClock:
                return AtClock(expression.Month > 0 ? DayOf(expression with { Kind = TimeExpressionKind.Date }, default) : expression.From, expression, zone, written);
        }

        var first = expression.Kind == TimeExpressionKind.Period ? expression.From : DayOf(expression, default);
        var after = expression.Kind == TimeExpressionKind.Period ? expression.To : expression is { Kind: TimeExpressionKind.Date, DayOfMonth: 0 } ? first.AddMonths(1) : first.AddDays(1);
        if (expression.Edge == "start")
        {
            return (BusinessTime.StartOf(first, zone), null, null, null);
        }

        if (expression.Edge == "end")
        {
            first = after.AddDays(-1);
        }

        var isDay = after == first.AddDays(1);
        var (from, to) = (BusinessTime.StartOf(first, zone), BusinessTime.StartOf(after, zone));
        if (expression.Edge == "end" && to > business.Now)
        {
            return (null, null, null, new NotUsed(
                written, $"'{written}' is yet to come; questions are about now and before", $"“{written}”尚未到来；只能询问现在和过去"));
        }

        return isDay && zone.Id != business.Zone.Id
            // A day of another zone ends at another instant than one's own.
            ? (from, to, null, null)
            : (from, to, isDay ? first : null, null);
    }

    private static (DateTimeOffset? From, DateTimeOffset? To, DateOnly? Day, NotUsed? Problem) AtClock(DateOnly day, TimeExpression expression, TimeZoneInfo zone, string written)
    {
        var (from, problem) = BusinessTime.At(day.ToDateTime(TimeOnly.MinValue) + expression.Clock, zone, written);
        if (expression.ClockTo is not { } end)
        {
            return (from, null, null, problem);
        }

        // A part of a day may begin in a gap of the clocks; nobody means that instant.
        var start = expression.Clock == TimeSpan.Zero || from is null ? BusinessTime.StartOf(day, zone) + expression.Clock : from;
        var (to, _) = BusinessTime.At(day.ToDateTime(TimeOnly.MinValue) + end, zone, written);
        return (start, to ?? BusinessTime.StartOf(day.AddDays(1), zone), null, null);
    }

    [GeneratedRegex(@"^(?:'s)?[\s,]*(?:(?:at|on|of|the|in|around|about|@|的|在|于)\s?)*[\s,]*$")]
    private static partial Regex BetweenParts();

    [GeneratedRegex(@"^\s*(?:,\s*)?(?:and|to|-|–|—|~|until|till|up to|through|和|与|到|至)\s*(?:the\s|on\s|at\s)*$")]
    private static partial Regex BetweenEnds();

    [GeneratedRegex(@"(?:(?<![a-z0-9_])(?<w>as of|as at|as from|more than|longer than|at least|less than|since|starting(?: from| on)?|from|between|after|later than|before|prior to|earlier than|until|till|up to|up until|through|by|on|at|in|during|for|of|around|over|within|throughout|@)\s(?:the\s|about\s|around\s|close of business\s)*|(?<w>自从|自|从|在|于|截至|截止到?|到|至|直到|当)\s?)$")]
    private static partial Regex Prefix();

    [GeneratedRegex(@"\G\s?(?:(?<w>'s|onwards?|or later|or after|or earlier|or before|以来|起|开始|之后|以后|后(?!台)|之前|以前|前(?![0-9一二三四五六七八九十])|为止|止|当天|当日|那天|那时|时|的时候|至今|期间|间)\s?的?|的)")]
    private static partial Regex Suffix();

    [GeneratedRegex(@"\b(?:since|starting|as from|onwards?|or later|or after)\b|自|从|起|开始|以来|至今")]
    private static partial Regex SinceWord();

    [GeneratedRegex(@"^(?:after|later than)\b|之后|以后|后")]
    private static partial Regex AfterWord();

    [GeneratedRegex(@"^(?:before|prior to|earlier than)\b|or before|or earlier|之前|以前|前")]
    private static partial Regex BeforeWord();

    [GeneratedRegex(@"^(?:until|till|up to|up until|through)\b|直到|^到|^至")]
    private static partial Regex UntilWord();

    [GeneratedRegex(@"^(?:as of|as at)$|截至|截止")]
    private static partial Regex AsOfWord();

    [GeneratedRegex(@"^(?:more than|over|longer than|at least)$")]
    private static partial Regex MoreThan();
}
