using System.Globalization;

namespace RiskMonitor.UseCases.Asking.Reading.Times;

/// <summary>Joins time expressions that belong together.</summary>
public sealed partial class TimeReader
{
    /// <summary>Copies what only one end of a range names to the other end: the day of a clock time, the year of a day, the zone.</summary>
    private static (TimeExpression, TimeExpression?) CompleteRange(TimeExpression first, TimeExpression last)
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
            // A zone that is named once applies to both ends.
            var zone = first.Zone ?? last.Zone;
            (first, last) = (first with { Zone = first.Zone ?? zone }, last with { Zone = last.Zone ?? zone });
        }

        return (first, last);
    }

    /// <summary>Joins two expressions; null if they do not belong together.</summary>
    private TimeExpression? Join(TimeExpression first, TimeExpression second)
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

        // "Friday, 3 May": check the weekday against the date.
        if (first.Kind == TimeExpressionKind.Weekday && second is { Kind: TimeExpressionKind.Date, DayOfMonth: > 0 })
        {
            return WithCheckedWeekday(second with { At = whole.At }, first.Weekday);
        }

        if (second is { Kind: TimeExpressionKind.Weekday, Modifier: "" } && first is { Kind: TimeExpressionKind.Date, DayOfMonth: > 0 })
        {
            return WithCheckedWeekday(first with { End = whole.End }, second.Weekday);
        }

        // Friday of last week.
        if (first is { Kind: TimeExpressionKind.Weekday, Modifier: "" } && second is { Kind: TimeExpressionKind.Period, Modifier: "week" })
        {
            return DayInWeek(second, first.Weekday) with { At = whole.At };
        }

        return second is { Kind: TimeExpressionKind.Weekday, Modifier: "" } && first is { Kind: TimeExpressionKind.Period, Modifier: "week" } ? DayInWeek(first, second.Weekday) with { End = whole.End } : null;
    }

    private static TimeExpression DayInWeek(TimeExpression week, DayOfWeek weekday)
    {
        var day = week.From.AddDays(((int)weekday + 6) % 7);
        return week with { From = day, To = day.AddDays(1), Modifier = "" };
    }

    private TimeExpression WithCheckedWeekday(TimeExpression date, DayOfWeek weekday)
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
}
