using System.Globalization;
using System.Text.RegularExpressions;

namespace RiskMonitor.UseCases.Asking.Reading.Times;

/// <summary>Reads matches that name a date or a month.</summary>
public sealed partial class TimeScanner
{
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

    private static TimeExpression Ambiguous(Match match, int year, int a, int b) => ProblemAt(match, new NotUsed(
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
        return from.Problem is not null ? from : to.Problem is not null ? to : last < first ? ProblemAt(match, EndsBefore(match.Value))
            : PeriodFrom(match, new DateOnly(from.Year!.Value, month, first), new DateOnly(from.Year!.Value, month, last).AddDays(1));
    }

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

    /// <summary>The year of the most recent occurrence of this day.</summary>
    private int YearOf(int month, int day) => (month, day).CompareTo((business.Today.Month, business.Today.Day)) <= 0 ? business.Today.Year : business.Today.Year - 1;

    private static TimeExpression DateOf(Match match, int? year, int month, int day)
    {
        // Without a year, accept 29 February by checking against a leap year.
        var known = year ?? 2000;
        return month is < 1 or > 12 || known is < LeastYear or > MostYear || day < 1 || day > DateTime.DaysInMonth(known, month)
            ? ProblemAt(match, NoSuchDay(match.Value))
            : new TimeExpression(match.Index, match.Index + match.Length, TimeExpressionKind.Date) { Year = year, Month = month, DayOfMonth = day };
    }

    private static TimeExpression MonthOf(Match match, int? year, int month) => month is < 1 or > 12 || year is < LeastYear or > MostYear
        ? ProblemAt(match, NoSuchDay(match.Value))
        : new TimeExpression(match.Index, match.Index + match.Length, TimeExpressionKind.Date) { Year = year, Month = month };
}
