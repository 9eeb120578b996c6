namespace RiskMonitor.UseCases.Asking.Reading.Times;

/// <summary>Converts time expressions to days and instants.</summary>
public sealed partial class TimeReader
{
    /// <summary>The day that an expression names.</summary>
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

        // Without a year, take the most recent past occurrence.
        var year = expression.Year ?? business.Today.Year;
        var day = Math.Max(1, expression.DayOfMonth);
        while (expression.Year is null && (day > DateTime.DaysInMonth(year, expression.Month) || new DateOnly(year, expression.Month, day) > business.Today))
        {
            year--;
        }

        return new DateOnly(year, expression.Month, day);
    }

    /// <returns>The start and the exclusive end (null for an instant), and the day in the business time zone if the expression is a whole day there.</returns>
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
            // A day of another zone ends at another instant than the business day, so it is a span.
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

        // A part of a day may begin in the hour that a clock change skips, so count from the start of the day instead.
        var start = expression.Clock == TimeSpan.Zero || from is null ? BusinessTime.StartOf(day, zone) + expression.Clock : from;
        var (to, _) = BusinessTime.At(day.ToDateTime(TimeOnly.MinValue) + end, zone, written);
        return (start, to ?? BusinessTime.StartOf(day.AddDays(1), zone), null, null);
    }
}
