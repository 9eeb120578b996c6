using System.Globalization;
using System.Text.RegularExpressions;

namespace RiskMonitor.UseCases.Asking.Reading.Times;

/// <summary>Finds time expressions in a folded question: days, periods, clock times, and times relative to now.</summary>
public sealed partial class TimeScanner(BusinessTime business)
{
    /// <summary>The modifier of times counted back from now.</summary>
    public const string Ago = "ago";

    private const int LeastYear = 1970;
    private const int MostYear = 2200;

    /// <summary>The time expressions in the order of the text; they do not overlap.</summary>
    public List<TimeExpression> Scan(string text)
    {
        var taken = new bool[text.Length + 1];
        var expressions = new List<TimeExpression>();
        // The most specific patterns come first, because text that matched is not matched again.
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
            Clock = TimeSpan.FromHours(s_partsOfDay[match.Groups["p"].Value].From),
            ClockTo = TimeSpan.FromHours(s_partsOfDay[match.Groups["p"].Value].To),
        });
        Add(MonthAlone(), match => MonthOf(match, match.Groups["mod"].Value switch
        {
            "this" => business.Today.Year,
            "next" => business.Today.Year + 1,
            _ => null,
        }, Month(match.Groups["mon"].Value)));
        Add(NoYear(), NoYearOf);
        Add(NowWords(), match => new TimeExpression(match.Index, match.Index + match.Length, TimeExpressionKind.Now));
        // A word between two expressions (a zone, "end of") belongs to only one of them.
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

    /// <summary>Adds the words "end of", "start of", 底 or 初 to the expression, which then means that edge of the period.</summary>
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

    public static NotUsed EndsBefore(string written) => new(written, $"'{written}' ends before it begins", $"“{written}”的结束早于开始");

    public static NotUsed NoSuchDay(string written) => new(written, $"'{written}' is no day of the calendar", $"“{written}”不是日历上存在的日期");

    private static TimeExpression ProblemAt(Match match, NotUsed problem) => new(match.Index, match.Index + match.Length, TimeExpressionKind.Problem) { Problem = problem };

    private static int Month(string name) => (Array.IndexOf(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], name[..3])) + 1;

    private static int Int(Match match, string group) => match.Groups[group] is { Success: true } number ? int.Parse(number.Value, CultureInfo.InvariantCulture) : 0;
}
