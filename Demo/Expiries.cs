namespace RiskMonitor.Demo;

/// <summary>When listed and over-the-counter instruments of the demo book end, seen from a day.</summary>
public static class Expiries
{
    private static readonly int[] s_quarterMonths = [3, 6, 9, 12];

    /// <summary>Third Fridays of the next quarter months, at least two weeks away.</summary>
    public static IReadOnlyList<DateOnly> Listed(DateOnly today, int count) =>
        [.. Months(today).Where(month => s_quarterMonths.Contains(month.Month)).Select(ThirdFriday).Where(day => day > today.AddDays(14)).Take(count)];

    /// <summary>The 15th, or the weekday after, of the months to come.</summary>
    public static IReadOnlyList<DateOnly> Forward(DateOnly today, params int[] monthsAhead) =>
        [.. monthsAhead.Select(ahead => Weekday(new DateOnly(today.Year, today.Month, 15).AddMonths(ahead)))];

    /// <summary>20 June and 20 December: credit default swaps roll there.</summary>
    public static DateOnly CreditRoll(DateOnly today, int years)
    {
        var june = new DateOnly(today.Year + years, 6, 20);
        return today.Month < 9 ? june : june.AddMonths(6);
    }

    private static IEnumerable<DateOnly> Months(DateOnly today) => Enumerable.Range(0, 36).Select(new DateOnly(today.Year, today.Month, 1).AddMonths);

    private static DateOnly ThirdFriday(DateOnly month) => month.AddDays((((int)DayOfWeek.Friday - (int)month.DayOfWeek + 7) % 7) + 14);

    private static DateOnly Weekday(DateOnly day) => day.DayOfWeek switch
    {
        DayOfWeek.Saturday => day.AddDays(2),
        DayOfWeek.Sunday => day.AddDays(1),
        _ => day,
    };
}
