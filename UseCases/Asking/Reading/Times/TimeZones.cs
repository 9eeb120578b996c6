using System.Globalization;
using System.Text.RegularExpressions;

namespace RiskMonitor.UseCases.Asking.Reading.Times;

/// <summary>Reads zones behind a time (14:30 London, UTC+8, 14:30 Asia/Shanghai) or, in Chinese, before it.</summary>
public static partial class TimeZones
{
    private static readonly Dictionary<string, string> s_cities = new(StringComparer.Ordinal)
    {
        ["london"] = "Europe/London",
        ["paris"] = "Europe/Paris",
        ["frankfurt"] = "Europe/Berlin",
        ["berlin"] = "Europe/Berlin",
        ["zurich"] = "Europe/Zurich",
        ["new york"] = "America/New_York",
        ["ny"] = "America/New_York",
        ["chicago"] = "America/Chicago",
        ["tokyo"] = "Asia/Tokyo",
        ["hong kong"] = "Asia/Hong_Kong",
        ["singapore"] = "Asia/Singapore",
        ["shanghai"] = "Asia/Shanghai",
        ["beijing"] = "Asia/Shanghai",
        ["sydney"] = "Australia/Sydney",
        ["mumbai"] = "Asia/Kolkata",
        ["dubai"] = "Asia/Dubai",
        ["北京"] = "Asia/Shanghai",
        ["上海"] = "Asia/Shanghai",
        ["伦敦"] = "Europe/London",
        ["纽约"] = "America/New_York",
        ["东京"] = "Asia/Tokyo",
        ["香港"] = "Asia/Hong_Kong",
        ["新加坡"] = "Asia/Singapore",
        ["et"] = "America/New_York",
        ["ct"] = "America/Chicago",
    };

    /// <summary>Hours ahead of UTC of zone abbreviations. CST, IST and similar ones are missing because they are ambiguous.</summary>
    private static readonly Dictionary<string, double> s_letters = new(StringComparer.Ordinal)
    {
        ["bst"] = 1,
        ["cet"] = 1,
        ["cest"] = 2,
        ["est"] = -5,
        ["edt"] = -4,
        ["cdt"] = -5,
        ["pst"] = -8,
        ["pdt"] = -7,
        ["jst"] = 9,
        ["hkt"] = 8,
        ["sgt"] = 8,
        ["aest"] = 10,
        ["aedt"] = 11,
    };

    /// <summary>The zone that is written right behind a place in the text.</summary>
    /// <returns>Null if there is no zone; a problem if the name is unknown or ambiguous.</returns>
    public static (TimeZoneInfo? Zone, int Length, NotUsed? Problem)? After(string text, int at)
    {
        var match = Behind().Match(text, at);
        return match.Success ? Of(match) : null;
    }

    /// <summary>The zone that is written right before it: 北京时间14:30.</summary>
    public static (TimeZoneInfo? Zone, int Length, NotUsed? Problem)? Before(string text, int at)
    {
        var match = Ahead().Match(text[..at]);
        return match.Success ? Of(match) : null;
    }

    public static TimeZoneInfo Fixed(TimeSpan offset)
    {
        var name = offset == TimeSpan.Zero ? "UTC" : $"UTC{(offset < TimeSpan.Zero ? '-' : '+')}{offset.ToString(@"hh\:mm", CultureInfo.InvariantCulture)}";
        return offset == TimeSpan.Zero ? TimeZoneInfo.Utc : TimeZoneInfo.CreateCustomTimeZone(name, offset, name, name);
    }

    /// <summary>An offset such as +08:00, +8 or z.</summary>
    public static TimeSpan? Offset(string text)
    {
        if (text is "" or "z")
        {
            return TimeSpan.Zero;
        }

        var digits = text[1..].Replace(":", "", StringComparison.Ordinal);
        var hours = int.Parse(digits.Length <= 2 ? digits : digits[..^2], CultureInfo.InvariantCulture);
        var minutes = digits.Length <= 2 ? 0 : int.Parse(digits[^2..], CultureInfo.InvariantCulture);
        var offset = new TimeSpan(hours, minutes, 0);
        return minutes > 59 || offset > TimeSpan.FromHours(14) ? null : text[0] == '-' ? -offset : offset;
    }

    private static (TimeZoneInfo? Zone, int Length, NotUsed? Problem) Of(Match match)
    {
        var written = match.Value.Trim(' ', '(', ')');
        if (match.Groups["utc"].Success)
        {
            return Offset(match.Groups["off"].Value) is { } offset ? (Fixed(offset), match.Length, null) : Unknown();
        }

        if (match.Groups["letters"] is { Success: true } letters)
        {
            return s_letters.TryGetValue(letters.Value, out var hours) ? (Fixed(TimeSpan.FromHours(hours)), match.Length, null) : Unknown();
        }

        var id = match.Groups["city"] is { Success: true } city ? s_cities[city.Value] : IanaName(match.Groups["iana"].Value);
        return TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? (zone, match.Length, null) : Unknown();

        (TimeZoneInfo?, int, NotUsed?) Unknown() => (null, match.Length, new NotUsed(
            written,
            $"'{written}' is no time zone, or stands for several; give an IANA name or an offset, such as Asia/Shanghai or UTC+8",
            $"“{written}”不是时区，或可指多个时区；请给出 IANA 名称或偏移，例如 Asia/Shanghai 或 UTC+8"));
    }

    /// <summary>.NET finds zone names only in their exact case, so map folded names to it.</summary>
    private static string IanaName(string folded) =>
        TimeZoneInfo.GetSystemTimeZones().FirstOrDefault(zone => zone.Id.Equals(folded, StringComparison.OrdinalIgnoreCase))?.Id ?? folded;

    private const string City = "london|paris|frankfurt|berlin|zurich|new york|ny|chicago|tokyo|hong kong|singapore|shanghai|beijing|sydney|mumbai|dubai|et|ct";

    [GeneratedRegex(@"\G\s?\(?(?:(?<iana>(?:africa|america|antarctica|arctic|asia|atlantic|australia|europe|indian|pacific|etc)/[a-z_+\-0-9]+(?:/[a-z_]+)?)|(?<utc>utc|gmt)(?:\s?(?<off>[+-]\d{1,2}(?::?\d{2})?))?|(?<city>" + City + @")|(?<letters>bst|cet|cest|est|edt|cst|cdt|pst|pdt|mst|jst|hkt|sgt|ist|aest|aedt))(?:\stime)?\)?(?![a-z0-9_]|\sdesk)|\G\s?\(?(?<city>北京|上海|伦敦|纽约|东京|香港|新加坡)时间\)?", RegexOptions.CultureInvariant)]
    private static partial Regex Behind();

    [GeneratedRegex(@"(?:(?<city>北京|上海|伦敦|纽约|东京|香港|新加坡)(?:当地)?时间|(?<![a-z0-9_])(?:(?<utc>utc|gmt)(?<off>[+-]\d{1,2}(?::?\d{2})?)?|(?<city>" + City + @")\stime))[\s,]?$", RegexOptions.CultureInvariant)]
    private static partial Regex Ahead();
}
