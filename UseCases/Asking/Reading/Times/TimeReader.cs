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
    public IReadOnlyList<TimeCore> Scan(string text)
    {
        var cores = _scanner.Scan(text);
        for (var i = 0; i + 1 < cores.Count;)
        {
            if (cores[i + 1].At >= cores[i].End && BetweenParts().IsMatch(text[cores[i].End..cores[i + 1].At]) && Joined(cores[i], cores[i + 1]) is { } joined)
            {
                cores[i] = joined;
                cores.RemoveAt(i + 1);
                // A third part may follow: Friday, 3 May, 14:30.
                i = Math.Max(0, i - 1);
            }
            else
            {
                i++;
            }
        }

        return cores;
    }

    /// <summary>What the expressions ask for together. Strikes them out, with the words that join them.</summary>
    public (AskedTime? Time, IReadOnlyList<NotUsed> Problems) Read(FoldedText text, IReadOnlyList<TimeCore> scanned)
    {
        var rest = text.Rest;
        // "Now" beside another time says nothing, but where it is the end of a range.
        var isToNow = scanned.Count == 2 && scanned[1].Kind == CoreKind.Now && BetweenEnds().IsMatch(rest[scanned[0].End..scanned[1].At]);
        var cores = scanned.Where(core => core.Kind != CoreKind.Now || scanned.Count == 1 || isToNow).ToList();
        foreach (var core in scanned)
        {
            text.Strike(core.At, core.End - core.At);
        }

        if (cores.Count == 0)
        {
            return (null, []);
        }

        var problems = cores.Select(core => core.Problem).OfType<NotUsed>()
            .Select(problem => problem with { Written = Written(text, rest, problem.Written) }).ToList();
        if (problems.Count > 0)
        {
            return (null, problems);
        }

        if (cores.Count > 2 || (cores.Count == 2 && !BetweenEnds().IsMatch(rest[cores[0].End..cores[1].At])))
        {
            var written = string.Join(", ", cores.Select(core => text.Written(core.At, core.End - core.At)));
            return (null, [new NotUsed(written, $"several times are named ({written}); ask about one at a time", $"提到了多个时间（{written}）；请每次只问一个")]);
        }

        var range = cores.Count == 2 ? Range(cores[0], cores[1]) : (cores[0], null);
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
    private (AskedTime?, IReadOnlyList<NotUsed>) Single(TimeCore core, string said, string written)
    {
        if (core.Kind == CoreKind.Now)
        {
            return (new AskedTime(TimeKind.Now, written, null, null, null), []);
        }

        var (from, to, day, problem) = Resolve(core, written);
        if (problem is not null)
        {
            return (null, [problem]);
        }

        var isAgo = core.Modifier == TimeScanner.Ago;
        // From yesterday is of yesterday; from 3 May is since then.
        var isSince = SinceWord().IsMatch(said) || (said == "from" && (isAgo || core.Kind is not (CoreKind.Period or CoreKind.Weekday))) || (isAgo && said == "less than");
        var isBefore = BeforeWord().IsMatch(said) || (isAgo && MoreThan().IsMatch(said));
        var (isAfter, isUntil) = (AfterWord().IsMatch(said), UntilWord().IsMatch(said));
        if (core.Kind is CoreKind.Rolling)
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
    private (AskedTime?, IReadOnlyList<NotUsed>) Between(TimeCore first, TimeCore last, string written)
    {
        var (from, firstEnd, _, problem) = Resolve(first, written);
        var (start, to, _, other) = Resolve(last, written);
        if (problem is not null || other is not null)
        {
            return (null, [problem ?? other!]);
        }

        var end = last.Kind == CoreKind.Now ? business.Now : to ?? start;
        if (end <= from)
        {
            // "Today and yesterday": the days touch, and only their order is turned.
            return to is not null && end == from && firstEnd is not null ? Asked(TimeKind.Span, start, firstEnd, null, written) : (null, [TimeScanner.EndsBefore(written)]);
        }

        return Asked(TimeKind.Span, from, end, null, written);
    }

    private (AskedTime?, IReadOnlyList<NotUsed>) Asked(TimeKind kind, DateTimeOffset? from, DateTimeOffset? to, DateOnly? day, string written)
    {
        var begins = from ?? to;
        return begins > business.Now && !(from is null && day is not null)
            ? (null, [new NotUsed(
                written,
                $"'{written}' is yet to come (it is {Local(business.Now)} in {business.Zone.Id}); questions are about now and before",
                $"“{written}”尚未到来（{business.Zone.Id} 现在是 {Local(business.Now)}）；只能询问现在和过去")])
            : (new AskedTime(kind, written, from, to, day), []);
    }

    private string Local(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, business.Zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static NotUsed Unclear(string written) => new(written, $"'{written}' was not understood; give dates or times, such as 2026-05-04 or 2026-05-04T12:00:00Z", $"没有理解“{written}”；请给出日期或时间，例如 2026-05-04 或 2026-05-04T12:00:00Z");

    /// <summary>What both ends of a range have, although only one says it: the day of a clock time, the year of a day.</summary>
    private static (TimeCore, TimeCore?) Range(TimeCore first, TimeCore last)
    {
        if (first.Kind == CoreKind.Clock && last.Kind == CoreKind.DayAndClock)
        {
            first = last with { At = first.At, End = first.End, Clock = first.Clock, ClockTo = first.ClockTo, Zone = first.Zone ?? last.Zone };
        }
        else if (last.Kind == CoreKind.Clock && first.Kind == CoreKind.DayAndClock)
        {
            last = first with { At = last.At, End = last.End, Clock = last.Clock, ClockTo = last.ClockTo, Zone = last.Zone ?? first.Zone };
        }

        if (first is { Kind: CoreKind.Date or CoreKind.DayAndClock, Year: null, Month: > 0 } && last.Year is { } year)
        {
            first = first with { Year = year };
        }
        else if (last is { Kind: CoreKind.Date or CoreKind.DayAndClock, Year: null, Month: > 0 } && first.Year is { } given)
        {
            last = last with { Year = given };
        }

        if (first.Kind is CoreKind.Clock or CoreKind.DayAndClock && last.Kind is CoreKind.Clock or CoreKind.DayAndClock)
        {
            // A zone that is said once holds for both.
            var zone = first.Zone ?? last.Zone;
            (first, last) = (first with { Zone = first.Zone ?? zone }, last with { Zone = last.Zone ?? zone });
        }

        return (first, last);
    }

    /// <summary>Two parts as one; null where they do not belong together.</summary>
    private TimeCore? Joined(TimeCore first, TimeCore second)
    {
        if (first.Problem is not null || second.Problem is not null)
        {
            return null;
        }

        var whole = (At: first.At, End: second.End);
        if (second.Kind == CoreKind.Clock && first.IsDay && first.Edge.Length == 0 && !(first.Kind == CoreKind.Date && first.DayOfMonth == 0))
        {
            return first with { End = whole.End, Kind = CoreKind.DayAndClock, Clock = second.Clock, ClockTo = second.ClockTo, Zone = second.Zone ?? first.Zone, From = DayOf(first, first.From), Modifier = "" };
        }

        if (first.Kind == CoreKind.Clock && second.IsDay && second.Edge.Length == 0 && !(second.Kind == CoreKind.Date && second.DayOfMonth == 0))
        {
            return second with { At = whole.At, Kind = CoreKind.DayAndClock, Clock = first.Clock, ClockTo = first.ClockTo, Zone = second.Zone ?? first.Zone, From = DayOf(second, second.From), Modifier = "" };
        }

        // This morning at 9:30; 下午 2:30.
        if (first.Kind == CoreKind.Clock && second.Kind == CoreKind.Clock && (first.ClockTo is null) != (second.ClockTo is null))
        {
            var (part, clock) = first.ClockTo is null ? (second, first) : (first, second);
            var time = clock.Clock.TotalHours < 12 && part.Clock.TotalHours >= 12 ? clock.Clock + TimeSpan.FromHours(12) : clock.Clock;
            return clock with { At = whole.At, End = whole.End, Clock = time, Zone = first.Zone ?? second.Zone };
        }

        if (first.Kind == CoreKind.DayAndClock && first.ClockTo is not null && second.Kind == CoreKind.Clock && second.ClockTo is null)
        {
            var time = second.Clock.TotalHours < 12 && first.Clock.TotalHours >= 12 ? second.Clock + TimeSpan.FromHours(12) : second.Clock;
            return first with { End = whole.End, Clock = time, ClockTo = null, Zone = second.Zone ?? first.Zone };
        }

        if (first.Kind == CoreKind.DayAndClock && first.ClockTo is null && second is { Kind: CoreKind.Clock, ClockTo: not null } && first.Clock.TotalHours <= 12)
        {
            var time = first.Clock.TotalHours < 12 && second.Clock.TotalHours >= 12 ? first.Clock + TimeSpan.FromHours(12) : first.Clock;
            return first with { End = whole.End, Clock = time };
        }

        // Friday, 3 May: the day of the week proves the date.
        if (first.Kind == CoreKind.Weekday && second is { Kind: CoreKind.Date, DayOfMonth: > 0 })
        {
            return Proven(second with { At = whole.At }, first.Weekday);
        }

        if (second is { Kind: CoreKind.Weekday, Modifier: "" } && first is { Kind: CoreKind.Date, DayOfMonth: > 0 })
        {
            return Proven(first with { End = whole.End }, second.Weekday);
        }

        // Friday of last week.
        if (first is { Kind: CoreKind.Weekday, Modifier: "" } && second is { Kind: CoreKind.Period, Modifier: "week" })
        {
            return OfWeek(second, first.Weekday) with { At = whole.At };
        }

        return second is { Kind: CoreKind.Weekday, Modifier: "" } && first is { Kind: CoreKind.Period, Modifier: "week" } ? OfWeek(first, second.Weekday) with { End = whole.End } : null;
    }

    private static TimeCore OfWeek(TimeCore week, DayOfWeek weekday)
    {
        var day = week.From.AddDays(((int)weekday + 6) % 7);
        return week with { From = day, To = day.AddDays(1), Modifier = "" };
    }

    private TimeCore Proven(TimeCore date, DayOfWeek weekday)
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
    private DateOnly DayOf(TimeCore core, DateOnly period)
    {
        if (core.Kind == CoreKind.Weekday)
        {
            var monday = business.Today.AddDays(-((int)business.Today.DayOfWeek + 6) % 7);
            var ofWeek = ((int)core.Weekday + 6) % 7;
            var back = ((int)business.Today.DayOfWeek - (int)core.Weekday + 7) % 7;
            return core.Modifier switch
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

        if (core.Month == 0)
        {
            return period;
        }

        // The most recent one that has been, where no year is said.
        var year = core.Year ?? business.Today.Year;
        var day = Math.Max(1, core.DayOfMonth);
        while (core.Year is null && (day > DateTime.DaysInMonth(year, core.Month) || new DateOnly(year, core.Month, day) > business.Today))
        {
            year--;
        }

        return new DateOnly(year, core.Month, day);
    }

    /// <returns>From and to; to is null for an instant. The day where it is one, in the business time zone.</returns>
    private (DateTimeOffset? From, DateTimeOffset? To, DateOnly? Day, NotUsed? Problem) Resolve(TimeCore core, string written)
    {
        var zone = core.Zone ?? business.Zone;
        switch (core.Kind)
        {
            case CoreKind.Instant:
                return (core.InstantFrom, null, null, null);
            case CoreKind.Rolling:
                return (core.InstantFrom, core.InstantTo, null, null);
            case CoreKind.Now:
                return (business.Now, null, null, null);
            case CoreKind.Clock:
                return AtClock(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(business.Now, zone).DateTime), core, zone, written);
            case CoreKind.DayAndClock:
                return AtClock(core.Month > 0 ? DayOf(core with { Kind = CoreKind.Date }, default) : core.From, core, zone, written);
        }

        var first = core.Kind == CoreKind.Period ? core.From : DayOf(core, default);
        var after = core.Kind == CoreKind.Period ? core.To : core is { Kind: CoreKind.Date, DayOfMonth: 0 } ? first.AddMonths(1) : first.AddDays(1);
        if (core.Edge == "start")
        {
            return (BusinessTime.StartOf(first, zone), null, null, null);
        }

        if (core.Edge == "end")
        {
            first = after.AddDays(-1);
        }

        var isDay = after == first.AddDays(1);
        var (from, to) = (BusinessTime.StartOf(first, zone), BusinessTime.StartOf(after, zone));
        if (core.Edge == "end" && to > business.Now)
        {
            return (null, null, null, new NotUsed(
                written, $"'{written}' is yet to come; questions are about now and before", $"“{written}”尚未到来；只能询问现在和过去"));
        }

        return isDay && zone.Id != business.Zone.Id
            // A day of another zone ends at another instant than one's own.
            ? (from, to, null, null)
            : (from, to, isDay ? first : null, null);
    }

    private static (DateTimeOffset? From, DateTimeOffset? To, DateOnly? Day, NotUsed? Problem) AtClock(DateOnly day, TimeCore core, TimeZoneInfo zone, string written)
    {
        var (from, problem) = BusinessTime.At(day.ToDateTime(TimeOnly.MinValue) + core.Clock, zone, written);
        if (core.ClockTo is not { } end)
        {
            return (from, null, null, problem);
        }

        // A part of a day may begin in a gap of the clocks; nobody means that instant.
        var start = core.Clock == TimeSpan.Zero || from is null ? BusinessTime.StartOf(day, zone) + core.Clock : from;
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
