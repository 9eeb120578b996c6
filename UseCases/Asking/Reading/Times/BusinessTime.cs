using System.Globalization;

namespace RiskMonitor.UseCases.Asking.Reading.Times;

/// <summary>Converts days and clock times of the business time zone to instants, and gives its current day.</summary>
public sealed class BusinessTime(TimeZoneInfo zone, DateTimeOffset now)
{
    public TimeZoneInfo Zone => zone;

    public DateTimeOffset Now => now;

    public DateOnly Today { get; } = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);

    /// <summary>The first instant of a day; if a clock change skips midnight, the instant of the change.</summary>
    public static DateTimeOffset StartOf(DateOnly day, TimeZoneInfo zone)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        while (zone.IsInvalidTime(midnight))
        {
            midnight = midnight.AddMinutes(15);
        }

        // If midnight occurs twice, the day begins at the first one.
        var offset = zone.IsAmbiguousTime(midnight) ? zone.GetAmbiguousTimeOffsets(midnight).Max() : zone.GetUtcOffset(midnight);
        return new DateTimeOffset(midnight, offset).ToUniversalTime();
    }

    /// <summary>A clock time as an instant.</summary>
    /// <returns>Null with the reason, if a clock change skips or repeats the time.</returns>
    public static (DateTimeOffset? Instant, NotUsed? Problem) At(DateTime local, TimeZoneInfo zone, string written)
    {
        var text = local.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        if (zone.IsInvalidTime(local))
        {
            return (null, new NotUsed(
                written,
                $"'{written}' does not exist: clocks in {zone.Id} go forward over {text}; give a time with its offset, such as {text.Replace(' ', 'T')}:00Z",
                $"“{written}”不存在：{zone.Id} 的时钟在 {text} 向前调整；请给出带时区偏移的时间，例如 {text.Replace(' ', 'T')}:00Z"));
        }

        if (zone.IsAmbiguousTime(local))
        {
            var offsets = string.Join(" or ", zone.GetAmbiguousTimeOffsets(local).OrderDescending().Select(offset => $"{text.Replace(' ', 'T')}:00{Offset(offset)}"));
            return (null, new NotUsed(
                written,
                $"'{written}' happens twice: clocks in {zone.Id} go back over {text}; say which: {offsets}",
                $"“{written}”出现两次：{zone.Id} 的时钟在 {text} 向后调整；请说明是哪一次：{offsets}"));
        }

        return (new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime(), null);
    }

    private static string Offset(TimeSpan offset) => $"{(offset < TimeSpan.Zero ? '-' : '+')}{offset.ToString(@"hh\:mm", CultureInfo.InvariantCulture)}";
}
