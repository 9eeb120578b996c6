using System.Globalization;
using System.Text.RegularExpressions;

namespace RiskMonitor.Llm.Figures;

/// <summary>Dates and times of day in running text.</summary>
internal static partial class MomentReader
{
    private const string Month = "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";
    private const string Zone = @"(?:\s?(?<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}|(?-i:CEST|CET|EST|EDT|BST|JST|HKT|PST|PDT|CST)|北京时间))?";
    private const string Clock = @"(?<h>\d{1,2}):(?<min>\d{2})(?::(?<s>\d{2})(?<f>\.\d{1,7})?)?(?:\s?(?<half>am|pm|a\.m\.|p\.m\.))?";
    private const string Time = Clock + "|" + @"(?<h>\d{1,2})[时点](?:(?<min>\d{1,2})分?)?(?:(?<s>\d{1,2})秒)?";
    private const string Date = @"(?<y>\d{4})[-/.](?<m>\d{1,2})[-/.](?<d>\d{1,2})|(?:(?<y>\d{4})\s?年\s?)?(?<m>\d{1,2})\s?月\s?(?<d>\d{1,2})\s?[日号]"
        + "|(?<d>\\d{1,2})(?:st|nd|rd|th)?\\s(?:of\\s)?(?<name>" + Month + ")\\.?(?:,?\\s(?<y>\\d{4})(?![\\d,.]\\d))?|(?<name>" + Month + ")\\.?\\s(?<d>\\d{1,2})(?:st|nd|rd|th)?(?!\\d)(?:,?\\s(?<y>\\d{4})(?![\\d,.]\\d))?";

    private static readonly string[] s_months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

    /// <summary>A date, a time, or both.</summary>
    [GeneratedRegex(@"(?<![\p{L}\d.,])(?:(?:" + Date + @")(?:(?:T|,?\s?(?:at\s)?)(?:" + Time + ")" + Zone + @")?|(?:" + Time + ")" + Zone + @")(?![A-Za-z\d])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    public static partial Regex Pattern();

    /// <returns>Null where it is none that can exist, or in another zone than UTC.</returns>
    public static Moment? Read(Match match)
    {
        int? Number(string group) => match.Groups[group] is { Success: true } found ? int.Parse(found.Value, CultureInfo.InvariantCulture) : null;
        var zone = match.Groups["zone"].Value.ToUpperInvariant();
        var month = match.Groups["name"] is { Success: true } name ? Array.IndexOf(s_months, name.Value[..3].ToLowerInvariant()) + 1 : Number("m");
        var hour = Number("h");
        var half = match.Groups["half"].Value.ToLowerInvariant();
        if (zone is not ("" or "Z" or "UTC" or "GMT" or "+00:00" or "+0000" or "-00:00") || month is < 1 or > 12 || Number("d") is < 1 or > 31 || hour > 23 || Number("min") > 59 || Number("s") > 59)
        {
            return null;
        }

        if (half.Length > 0)
        {
            hour = (hour % 12) + (half.StartsWith('p') ? 12 : 0);
        }

        if (hour is null)
        {
            return new Moment(Number("y"), month, Number("d"), null, TimeSpan.FromDays(1));
        }

        var seconds = Number("s");
        var time = new TimeSpan(hour.Value, Number("min") ?? 0, seconds ?? 0);
        var precision = seconds is not null ? TimeSpan.FromSeconds(1) : match.Groups["min"].Success ? TimeSpan.FromMinutes(1) : TimeSpan.FromHours(1);
        if (match.Groups["f"] is { Success: true } fraction)
        {
            time += TimeSpan.FromSeconds(double.Parse("0" + fraction.Value, CultureInfo.InvariantCulture));
            precision = TimeSpan.FromMilliseconds(1);
        }

        return new Moment(Number("y"), month, Number("d"), time, precision);
    }
}
