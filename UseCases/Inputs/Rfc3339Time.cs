using System.Globalization;
using System.Text.RegularExpressions;

namespace RiskMonitor.UseCases.Inputs;

/// <summary>Instants as RFC 3339 writes them. Go and Java write nine digits of a second; what is finer than 100 ns is cut.</summary>
public static partial class Rfc3339Time
{
    private const int TickDigits = 7;
    private const int LeapSecond = 60;

    /// <returns>Null where the text is no such instant.</returns>
    public static DateTimeOffset? Read(string text)
    {
        var match = Written().Match(text);
        if (!match.Success)
        {
            return null;
        }

        var second = Number(match, "second");
        var isLeap = second == LeapSecond;
        if (!DateTime.TryParseExact(
            string.Create(CultureInfo.InvariantCulture, $"{match.Groups["day"].Value}T{match.Groups["time"].Value}:{(isLeap ? LeapSecond - 1 : second):00}"),
            "yyyy-MM-dd'T'HH:mm:ss",
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out var local))
        {
            return null;
        }

        var (hours, minutes) = (Number(match, "hours"), Number(match, "minutes"));
        if (hours > 23 || minutes > 59)
        {
            return null;
        }

        var offset = new TimeSpan(hours, minutes, 0) * (match.Groups["sign"].Value == "-" ? -1 : 1);
        var fraction = match.Groups["fraction"].Value.PadRight(TickDigits, '0')[..TickDigits];
        var ticks = local.Ticks - offset.Ticks + (isLeap ? TimeSpan.TicksPerSecond - 1 : int.Parse(fraction, CultureInfo.InvariantCulture));
        if (ticks < DateTimeOffset.MinValue.Ticks || ticks > DateTimeOffset.MaxValue.Ticks)
        {
            return null;
        }

        var instant = new DateTimeOffset(ticks, TimeSpan.Zero);
        // The clocks here know no leap second: it is taken for the last moment of the minute that it prolongs.
        return isLeap && !EndsMonth(instant) ? null : instant;
    }

    /// <summary>Leap seconds are only inserted at the end of a month, in UTC.</summary>
    private static bool EndsMonth(DateTimeOffset instant) =>
        instant is { Hour: 23, Minute: 59 } && instant.Day == DateTime.DaysInMonth(instant.Year, instant.Month);

    private static int Number(Match match, string group) => match.Groups[group] is { Success: true } digits ? int.Parse(digits.Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(
        @"^(?<day>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ](?<time>[0-9]{2}:[0-9]{2}):(?<second>[0-9]{2})(\.(?<fraction>[0-9]{1,30}))?([Zz]|(?<sign>[+-])(?<hours>[0-9]{2}):(?<minutes>[0-9]{2}))\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Written();
}
