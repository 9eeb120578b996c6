using System.Globalization;
using System.Text.RegularExpressions;

namespace RiskMonitor.UseCases.Asking.Reading.Times;

/// <summary>Reads matches that name a period, a weekday, or a time relative to now.</summary>
public sealed partial class TimeScanner
{
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
        return year is < LeastYear or > MostYear ? ProblemAt(match, NoSuchDay(match.Value)) : PeriodFrom(match, new DateOnly(year, (3 * quarter) - 2, 1), new DateOnly(year, (3 * quarter) - 2, 1).AddMonths(3));
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
            return ProblemAt(match, new NotUsed(
                match.Value, $"'{match.Value}' names no exact time; give a number, a date or a time", $"“{match.Value}”不是确切的时间；请给出数字、日期或时间"));
        }

        if (Subtract(count, unit) is not { } then)
        {
            return null;
        }

        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(then, business.Zone).DateTime);
        // Half a day or month ago is an instant; whole days or months ago are a day.
        return IsClockUnit(unit) || count != Math.Floor(count)
            ? new TimeExpression(match.Index, match.Index + match.Length, TimeExpressionKind.Instant) { InstantFrom = then, Modifier = Ago }
            : PeriodFrom(match, day, day.AddDays(1)) with { Modifier = Ago };
    }

    private TimeExpression? RollingOf(Match match, string number, string unit) =>
        TimeNumbers.Count(number) is not { } count
            ? ProblemAt(match, new NotUsed(match.Value, $"'{match.Value}' names no exact time; give a number", $"“{match.Value}”不是确切的时间；请给出数字"))
            : Subtract(count, unit) is { } then
                ? new TimeExpression(match.Index, match.Index + match.Length, TimeExpressionKind.Rolling) { InstantFrom = then, InstantTo = business.Now }
                : null;

    private static bool IsClockUnit(string unit) => unit[0] is 's' or 'h' or '秒' or '分' or '小' or '钟' || unit.StartsWith("mi", StringComparison.Ordinal);

    /// <returns>Null if the result is before the first date that .NET can represent.</returns>
    private DateTimeOffset? Subtract(double count, string unit)
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
}
