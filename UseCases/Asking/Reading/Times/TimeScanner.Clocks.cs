using System.Globalization;
using System.Text.RegularExpressions;

namespace RiskMonitor.UseCases.Asking.Reading.Times;

/// <summary>Reads matches that name a clock time.</summary>
public sealed partial class TimeScanner
{
    /// <summary>The hours at which parts of a day begin and end.</summary>
    private static readonly Dictionary<string, (int From, int To)> s_partsOfDay = new(StringComparer.Ordinal)
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
            return ProblemAt(match, new NotUsed(match.Value, $"'{match.Value}' is no time of a day", $"“{match.Value}”不是一天中的时间"));
        }

        var ticks = fraction.Length == 0 ? 0 : long.Parse(fraction.PadRight(7, '0')[..7], CultureInfo.InvariantCulture);
        return new TimeExpression(match.Index, match.Index + match.Length, TimeExpressionKind.Clock)
        {
            Clock = new TimeSpan(hour, minute, second) + TimeSpan.FromTicks(ticks),
            Zone = offset is { } given ? TimeZones.Fixed(given) : null,
        };
    }
}
