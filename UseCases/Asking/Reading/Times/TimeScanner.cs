using System.Globalization;
using System.Text.RegularExpressions;

namespace RiskMonitor.UseCases.Asking.Reading.Times;

/// <summary>Finds the parts of time expressions in a folded question: days, periods, clock times, and what is reckoned from now.</summary>
public sealed partial class TimeScanner(BusinessTime business)
{
    /// <summary>The modifier of what is reckoned back from now.</summary>
    public const string Ago = "ago";

    private const int LeastYear = 1970;
    private const int MostYear = 2200;

    /// <summary>Clock times at which parts of a day begin and end.</summary>
    private static readonly Dictionary<string, (int From, int To)> s_parts = new(StringComparer.Ordinal)
    {
        ["morning"] = (0, 12),
        ["afternoon"] = (12, 18),
        ["evening"] = (18, 24),
        ["凌晨"] = (0, 6),
        ["早上"] = (0, 12),
        ["早晨"] = (0, 12),
        ["上午"] = (0, 12),
        ["下午"] = (12, 18),
        ["傍晚"] = (17, 20),
        ["晚上"] = (18, 24),
    };

    /// <summary>The parts in their order; none lies within another.</summary>
    public List<TimeExpression> Scan(string text)
    {
        var taken = new bool[text.Length + 1];
        var expressions = new List<TimeExpression>();
        // What is written more exactly comes first.
        Add(Stamp(), StampOf);
        Add(YearFirst(), match => DateOf(match, Int(match, "y"), Int(match, "m"), Int(match, "d")));
        Add(Compact(), match => DateOf(match, Int(match, "y"), Int(match, "m"), Int(match, "d")));
        Add(YearLast(), YearLastOf);
        Add(DaysOfMonth(), DaysOf);
        Add(MonthAndDays(), DaysOf);
        Add(DayMonth(), MonthNameOf);
        Add(MonthDay(), MonthNameOf);
        Add(ChineseDate(), ChineseDateOf);
        Add(ChineseDayMonth(), ChineseDateOf);
        Add(MonthYear(), match => MonthOf(match, Int(match, "y"), match.Groups["mon"].Success ? Month(match.Groups["mon"].Value) : Int(match, "m")));
        Add(Quarter(), QuarterOf);
        Add(Period(), PeriodOf);
        Add(ChineseMonth(), match => MonthOf(match, ChineseYear(match), TimeNumbers.Whole(match.Groups["m"].Value) ?? 0));
        Add(TimeAgo(), match => AgoOf(match, match.Groups["n"].Value, match.Groups["unit"].Value));
        Add(ChineseAgo(), match => match.Groups["half"].Success ? null : AgoOf(match, match.Groups["n"].Value, match.Groups["unit"].Value));
        Add(Rolling(), match => RollingOf(match, match.Groups["n"].Success ? match.Groups["n"].Value : "1", match.Groups["unit"].Value));
        Add(ChineseRolling(), match => RollingOf(match, match.Groups["n"].Value, match.Groups["unit"].Value));
        Add(RelativeDay(), RelativeDayOf);
        Add(Weekday(), WeekdayOf);
        Add(YearAlone(), match => TimeNumbers.Year(match.Groups["y"].Value) is { } year and >= LeastYear and <= MostYear ? PeriodFrom(match, new DateOnly(year, 1, 1), new DateOnly(year + 1, 1, 1)) : null);
        Add(Clock(), ClockOf);
        Add(ClockAlone(), ClockOf);
        Add(ChineseClock(), ChineseClockOf);
        Add(PartOfDay(), match => new TimeExpression(match.Index, match.Index + match.Length, TimeExpressionKind.Clock)
        {
            Clock = TimeSpan.FromHours(s_parts[match.Groups["p"].Value].From),
            ClockTo = TimeSpan.FromHours(s_parts[match.Groups["p"].Value].To),
        });
        Add(MonthAlone(), match => MonthOf(match, match.Groups["mod"].Value switch
        {
            "this" => business.Today.Year,
            "next" => business.Today.Year + 1,
            _ => null,
        }, Month(match.Groups["mon"].Value)));
        Add(NoYear(), NoYearOf);
        Add(NowWords(), match => new TimeExpression(match.Index, match.Index + match.Length, TimeExpressionKind.Now));
        // A word between two parts (a zone, "end of") belongs to one of them.
        var whole = new List<TimeExpression>();
        foreach (var expression in expressions.OrderBy(expression => expression.At).Select(expression => WithEdge(WithZone(expression, text), text)))
        {
            whole.Add(whole.Count > 0 && expression.At < whole[^1].End ? expression with { At = Math.Min(whole[^1].End, expression.End) } : expression);
        }

        return whole;

        void Add(Regex pattern, Func<Match, TimeExpression?> read)
        {
            foreach (Match match in pattern.Matches(text))
            {
                if (match.Length > 0 && !taken.AsSpan(match.Index, match.Length).Contains(true) && read(match) is { } expression)
                {
                    taken.AsSpan(expression.At, expression.End - expression.At).Fill(true);
                    expressions.Add(expression);
                }
            }
        }
    }

    /// <summary>end of, start of, 底, 初: one edge of a period.</summary>
    private static TimeExpression WithEdge(TimeExpression expression, string text)
    {
        if (expression.Kind is not (TimeExpressionKind.Period or TimeExpressionKind.Date or TimeExpressionKind.Weekday))
        {
            return expression;
        }

        if (EdgeBehind().Match(text, expression.End) is { Success: true } behind)
        {
            return expression with { End = behind.Index + behind.Length, Edge = behind.Groups["e"].Value is "start" or "初" or "月初" ? "start" : "end" };
        }

        return EdgeBefore().Match(text[..expression.At]) is { Success: true } before
            ? expression with { At = before.Index, Edge = before.Groups["e"].Value is "start" or "beginning" ? "start" : "end" }
            : expression;
    }

    private static TimeExpression WithZone(TimeExpression expression, string text)
    {
        if (expression.Zone is not null || expression.Kind is TimeExpressionKind.Now or TimeExpressionKind.Instant or TimeExpressionKind.Rolling or TimeExpressionKind.Problem)
        {
            return expression;
        }

        if (TimeZones.After(text, expression.End) is { } behind)
        {
            return expression with { End = expression.End + behind.Length, Zone = behind.Zone, Problem = expression.Problem ?? behind.Problem };
        }

        return TimeZones.Before(text, expression.At) is { } ahead
            ? expression with { At = expression.At - ahead.Length, Zone = ahead.Zone, Problem = expression.Problem ?? ahead.Problem }
            : expression;
    }

    private TimeExpression? StampOf(Match match)
    {
        var (date, clock) = (DateOf(match, Int(match, "y"), Int(match, "m"), Int(match, "d")), ClockOf(match));
        return date.Problem is not null || clock is null || clock.Problem is not null ? date.Problem is null ? clock : date : date with { Kind = TimeExpressionKind.DayAndClock, Clock = clock.Clock, Zone = clock.Zone };
    }

    private TimeExpression YearLastOf(Match match)
    {
        var (a, b, year) = (Int(match, "a"), Int(match, "b"), TimeNumbers.Year(match.Groups["y"].Value)!.Value);
        return a == b || b > 12 ? DateOf(match, year, a, b) : a > 12 ? DateOf(match, year, b, a) : Ambiguous(match, year, a, b);
    }

    private TimeExpression NoYearOf(Match match)
    {
        var (a, b) = (Int(match, "a"), Int(match, "b"));
        return a == b || (a <= 12 && b is > 12 and <= 31) ? DateOf(match, null, a, b) : b <= 12 && a is > 12 and <= 31 ? DateOf(match, null, b, a) : Ambiguous(match, business.Today.Year, a, b);
    }

    private static TimeExpression Ambiguous(Match match, int year, int a, int b) => Wrong(match, new NotUsed(
        match.Value,
        string.Create(CultureInfo.InvariantCulture, $"'{match.Value}' can be read as {year:0000}-{a:00}-{b:00} or {year:0000}-{b:00}-{a:00}; write one of these"),
        string.Create(CultureInfo.InvariantCulture, $"“{match.Value}”可读作 {year:0000}-{a:00}-{b:00} 或 {year:0000}-{b:00}-{a:00}；请写明其中之一")));

    private TimeExpression MonthNameOf(Match match) => DateOf(
        match, match.Groups["y"].Success ? Int(match, "y") : null, Month(match.Groups["mon"].Value), TimeNumbers.Whole(match.Groups["d"].Value) ?? 0);

    private TimeExpression DaysOf(Match match)
    {
        var month = Month(match.Groups["mon"].Value);
        return Days(match, match.Groups["y"].Success ? Int(match, "y") : null, month, Int(match, "a"), Int(match, "b"));
    }

    private TimeExpression Days(Match match, int? year, int month, int first, int last)
    {
        var (from, to) = (DateOf(match, year ?? YearOf(month, first), month, first), DateOf(match, year ?? YearOf(month, first), month, last));
        return from.Problem is not null ? from : to.Problem is not null ? to : last < first ? Wrong(match, EndsBefore(match.Value))
            : PeriodFrom(match, new DateOnly(from.Year!.Value, month, first), new DateOnly(from.Year!.Value, month, last).AddDays(1));
    }

    public static NotUsed EndsBefore(string written) => new(written, $"'{written}' ends before it begins", $"“{written}”的结束早于开始");

    private TimeExpression ChineseDateOf(Match match)
    {
        var (month, day) = (TimeNumbers.Whole(match.Groups["m"].Value) ?? 0, TimeNumbers.Whole(match.Groups["d"].Value) ?? 0);
        var year = ChineseYear(match);
        return match.Groups["d2"] is { Success: true } last ? Days(match, year, month, day, TimeNumbers.Whole(last.Value) ?? 0) : DateOf(match, year, month, day);
    }

    private int? ChineseYear(Match match) => match.Groups["y"] is not { Success: true } year ? null : year.Value switch
    {
        "今年" => business.Today.Year,
        "去年" => business.Today.Year - 1,
        "前年" => business.Today.Year - 2,
        var digits => TimeNumbers.Year(digits),
    };

    /// <summary>The year in which this day was last.</summary>
    private int YearOf(int month, int day) => (month, day).CompareTo((business.Today.Month, business.Today.Day)) <= 0 ? business.Today.Year : business.Today.Year - 1;

    private static TimeExpression DateOf(Match match, int? year, int month, int day)
    {
        // Of a leap year, where none is given.
        var known = year ?? 2000;
        return month is < 1 or > 12 || known is < LeastYear or > MostYear || day < 1 || day > DateTime.DaysInMonth(known, month)
            ? Wrong(match, NoSuchDay(match.Value))
            : new TimeExpression(match.Index, match.Index + match.Length, TimeExpressionKind.Date) { Year = year, Month = month, DayOfMonth = day };
    }

    public static NotUsed NoSuchDay(string written) => new(written, $"'{written}' is no day of the calendar", $"“{written}”不是日历上存在的日期");

    private static TimeExpression MonthOf(Match match, int? year, int month) => month is < 1 or > 12 || year is < LeastYear or > MostYear
        ? Wrong(match, NoSuchDay(match.Value))
        : new TimeExpression(match.Index, match.Index + match.Length, TimeExpressionKind.Date) { Year = year, Month = month };

    private TimeExpression QuarterOf(Match match)
    {
        var quarter = match.Groups["q"].Value switch
        {
            "first" or "1st" or "一" or "1" => 1,
            "second" or "2nd" or "二" or "2" => 2,
            "third" or "3rd" or "三" or "3" => 3,
            _ => 4,
        };
        var year = ChineseYear(match) ?? YearOf((3 * quarter) - 2, 1);
        return year is < LeastYear or > MostYear ? Wrong(match, NoSuchDay(match.Value)) : PeriodFrom(match, new DateOnly(year, (3 * quarter) - 2, 1), new DateOnly(year, (3 * quarter) - 2, 1).AddMonths(3));
    }

    private TimeExpression? PeriodOf(Match match)
    {
        var (modifier, unit) = (match.Groups["mod"].Value, match.Groups["unit"].Value);
        var back = modifier switch
        {
            "last" or "previous" or "prior" or "上" or "上一" or "去" => 1,
            "上上" or "前" => 2,
            "next" or "coming" or "下" or "明" => -1,
            _ => 0,
        };
        unit = unit.Length > 0 ? unit : modifier switch
        {
            "week" or "wtd" => "week",
            "month" or "mtd" => "month",
            "quarter" or "qtd" => "quarter",
            _ => "year",
        };
        var today = business.Today;
        var from = unit switch
        {
            "week" or "周" or "星期" or "礼拜" => today.AddDays(-((int)today.DayOfWeek + 6) % 7).AddDays(-7 * back),
            "month" or "月" => new DateOnly(today.Year, today.Month, 1).AddMonths(-back),
            "quarter" or "季度" or "季" => new DateOnly(today.Year, ((today.Month - 1) / 3 * 3) + 1, 1).AddMonths(-3 * back),
            _ => new DateOnly(today.Year - back, 1, 1),
        };
        var to = unit switch
        {
            "week" or "周" or "星期" or "礼拜" => from.AddDays(7),
            "month" or "月" => from.AddMonths(1),
            "quarter" or "季度" or "季" => from.AddMonths(3),
            _ => from.AddYears(1),
        };
        return match.Groups["day"] is { Success: true } day
            ? unit == "月" ? DateOf(match, from.Year, from.Month, int.Parse(day.Value[..^1], CultureInfo.InvariantCulture)) : null
            : PeriodFrom(match, from, to) with { Modifier = unit is "week" or "周" or "星期" or "礼拜" ? "week" : "" };
    }

    private static TimeExpression PeriodFrom(Match match, DateOnly from, DateOnly to) => new(match.Index, match.Index + match.Length, TimeExpressionKind.Period) { From = from, To = to };

    private TimeExpression RelativeDayOf(Match match)
    {
        var word = match.Groups["w"].Value.Replace("the ", "", StringComparison.Ordinal);
        var days = word switch
        {
            "大前天" => -3,
            "day before yesterday" or "前天" => -2,
            "yesterday" or "昨天" or "昨日" or "昨" or "昨晚" or "last night" => -1,
            "tomorrow" or "明天" or "明日" => 1,
            "day after tomorrow" or "后天" => 2,
            _ => 0,
        };
        var day = PeriodFrom(match, business.Today.AddDays(days), business.Today.AddDays(days + 1));
        return word switch
        {
            "今早" => day with { Kind = TimeExpressionKind.DayAndClock, Clock = TimeSpan.Zero, ClockTo = TimeSpan.FromHours(12) },
            "今晚" or "昨晚" or "tonight" or "last night" => day with { Kind = TimeExpressionKind.DayAndClock, Clock = TimeSpan.FromHours(18), ClockTo = TimeSpan.FromHours(24) },
            _ => day,
        };
    }

    private TimeExpression? AgoOf(Match match, string number, string unit)
    {
        if (TimeNumbers.Count(number) is not { } count)
        {
            return Wrong(match, new NotUsed(
                match.Value, $"'{match.Value}' names no exact time; give a number, a date or a time", $"“{match.Value}”不是确切的时间；请给出数字、日期或时间"));
        }

        if (Back(count, unit) is not { } then)
        {
            return null;
        }

        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(then, business.Zone).DateTime);
        // A half of a day or month is reckoned to the instant, whole ones to the day.
        return IsClockUnit(unit) || count != Math.Floor(count)
            ? new TimeExpression(match.Index, match.Index + match.Length, TimeExpressionKind.Instant) { InstantFrom = then, Modifier = Ago }
            : PeriodFrom(match, day, day.AddDays(1)) with { Modifier = Ago };
    }

    private TimeExpression? RollingOf(Match match, string number, string unit) =>
        TimeNumbers.Count(number) is not { } count
            ? Wrong(match, new NotUsed(match.Value, $"'{match.Value}' names no exact time; give a number", $"“{match.Value}”不是确切的时间；请给出数字"))
            : Back(count, unit) is { } then
                ? new TimeExpression(match.Index, match.Index + match.Length, TimeExpressionKind.Rolling) { InstantFrom = then, InstantTo = business.Now }
                : null;

    private static bool IsClockUnit(string unit) => unit[0] is 's' or 'h' or '秒' or '分' or '小' or '钟' || unit.StartsWith("mi", StringComparison.Ordinal);

    /// <returns>Null where that lies before all calendars.</returns>
    private DateTimeOffset? Back(double count, string unit)
    {
        try
        {
            var local = TimeZoneInfo.ConvertTime(business.Now, business.Zone);
            return unit switch
            {
                ['s', ..] or ['秒', ..] => business.Now.AddSeconds(-count),
                ['m', 'i', ..] or ['分', ..] => business.Now.AddMinutes(-count),
                ['h', ..] or ['小', ..] or ['钟', ..] => business.Now.AddHours(-count),
                ['d', ..] or ['天'] or ['日'] => business.Now.AddDays(-count),
                ['w', ..] or ['周'] or ['星', ..] or ['礼', ..] => business.Now.AddDays(-7 * count),
                ['q', ..] or ['季', ..] => local.AddMonths(-(int)(3 * count)).ToUniversalTime(),
                ['y', ..] or ['年'] => count < 1 ? local.AddMonths(-(int)(12 * count)).ToUniversalTime() : local.AddYears(-(int)count).ToUniversalTime(),
                _ => count < 1 ? business.Now.AddDays(-15) : local.AddMonths(-(int)count).ToUniversalTime(),
            };
        }
        catch (ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    private static TimeExpression WeekdayOf(Match match)
    {
        var word = match.Groups["wd"].Value;
        var day = word[0] switch
        {
            'm' or '一' => DayOfWeek.Monday,
            't' when word[1] == 'u' => DayOfWeek.Tuesday,
            'w' or '三' => DayOfWeek.Wednesday,
            't' or '四' => DayOfWeek.Thursday,
            'f' or '五' => DayOfWeek.Friday,
            's' when word[1] == 'a' => DayOfWeek.Saturday,
            '二' => DayOfWeek.Tuesday,
            '六' => DayOfWeek.Saturday,
            _ => DayOfWeek.Sunday,
        };
        return new TimeExpression(match.Index, match.Index + match.Length, TimeExpressionKind.Weekday) { Weekday = day, Modifier = match.Groups["mod"].Value };
    }

    private static TimeExpression? ClockOf(Match match)
    {
        if (match.Groups["word"] is { Success: true } word)
        {
            return new TimeExpression(match.Index, match.Index + match.Length, TimeExpressionKind.Clock) { Clock = word.Value == "midnight" ? TimeSpan.Zero : TimeSpan.FromHours(12) };
        }

        var (hour, minute, second) = (Int(match, "h"), Int(match, "min"), Int(match, "s"));
        var half = match.Groups["ap"].Value;
        if (half.Length > 0)
        {
            hour = hour is < 1 or > 12 ? 99 : (hour % 12) + (half[0] == 'p' ? 12 : 0);
        }

        return ClockFrom(match, hour, minute, second, match.Groups["f"].Value, match.Groups["z"].Success ? TimeZones.Offset(match.Groups["z"].Value) : null);
    }

    private static TimeExpression? ChineseClockOf(Match match)
    {
        var hour = TimeNumbers.Whole(match.Groups["h"].Value) ?? 99;
        var part = match.Groups["p"].Value;
        if (part is "下午" or "傍晚" or "晚上" && hour < 12)
        {
            hour += 12;
        }
        else if (part == "中午" && hour is >= 1 and <= 2)
        {
            hour += 12;
        }
        else if (part is "凌晨" && hour == 12)
        {
            hour = 0;
        }

        var minute = match.Groups["half"].Success ? 30
            : match.Groups["ke"] is { Success: true } quarter ? quarter.Value == "一" ? 15 : 45
            : match.Groups["min"] is { Success: true } minutes ? TimeNumbers.Whole(minutes.Value) ?? 99 : 0;
        return ClockFrom(match, hour, minute, match.Groups["s"] is { Success: true } seconds ? TimeNumbers.Whole(seconds.Value) ?? 99 : 0, "", null);
    }

    private static TimeExpression ClockFrom(Match match, int hour, int minute, int second, string fraction, TimeSpan? offset)
    {
        if (hour > 24 || minute > 59 || second > 59 || (hour == 24 && minute + second > 0))
        {
            return Wrong(match, new NotUsed(match.Value, $"'{match.Value}' is no time of a day", $"“{match.Value}”不是一天中的时间"));
        }

        var ticks = fraction.Length == 0 ? 0 : long.Parse(fraction.PadRight(7, '0')[..7], CultureInfo.InvariantCulture);
        return new TimeExpression(match.Index, match.Index + match.Length, TimeExpressionKind.Clock)
        {
            Clock = new TimeSpan(hour, minute, second) + TimeSpan.FromTicks(ticks),
            Zone = offset is { } given ? TimeZones.Fixed(given) : null,
        };
    }

    private static TimeExpression Wrong(Match match, NotUsed problem) => new(match.Index, match.Index + match.Length, TimeExpressionKind.Problem) { Problem = problem };

    private static int Month(string name) => (Array.IndexOf(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], name[..3])) + 1;

    private static int Int(Match match, string group) => match.Groups[group] is { Success: true } number ? int.Parse(number.Value, CultureInfo.InvariantCulture) : 0;
}
