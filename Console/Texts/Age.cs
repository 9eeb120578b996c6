using System.Globalization;

namespace RiskMonitor.WebConsole.Texts;

/// <summary>Writes how long something has been: the two largest units.</summary>
public static class Age
{
    private const int SecondsOfMinute = 60;
    private const int MinutesOfHour = 60;
    private const int HoursOfDay = 24;

    public static string Of(TimeSpan age)
    {
        var seconds = (long)Math.Max(0, age.TotalSeconds);
        var (minutes, hours, days) = (seconds / SecondsOfMinute, seconds / SecondsOfMinute / MinutesOfHour, (long)Math.Max(0, age.TotalDays));
        return days > 0 ? Two(days, "d", hours % HoursOfDay, "h")
            : hours > 0 ? Two(hours, "h", minutes % MinutesOfHour, "m")
            : minutes > 0 ? Two(minutes, "m", seconds % SecondsOfMinute, "s")
            : string.Create(CultureInfo.InvariantCulture, $"{seconds}s");
    }

    /// <summary>The time between two stations, down to milliseconds.</summary>
    public static string Between(TimeSpan time) => time < TimeSpan.FromSeconds(1) ? string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, time.TotalMilliseconds):0} ms")
        : time < TimeSpan.FromMinutes(1) ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s")
        : Of(time);

    /// <summary>A length of time that is chosen: whole minutes, hours or days.</summary>
    public static string Whole(TimeSpan time) => time.TotalHours < 1 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} min")
        : time.TotalDays < 1 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0} h")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalDays:0} d");

    private static string Two(long large, string largeUnit, long small, string smallUnit) => string.Create(CultureInfo.InvariantCulture, $"{large}{largeUnit} {small:00}{smallUnit}");
}
