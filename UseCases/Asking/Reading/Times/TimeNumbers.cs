using System.Globalization;
using RiskMonitor.Llm.Figures;

namespace RiskMonitor.UseCases.Asking.Reading.Times;

/// <summary>Reads the small numbers of time expressions: digits, English words and Chinese characters.</summary>
public static class TimeNumbers
{
    public const string English =
        @"\d{1,4}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|twenty-four|thirty|forty|forty-five|sixty|ninety|half an?|a half|a couple of|couple of";

    public const string Chinese = @"\d{1,4}|[〇零一二两三四五六七八九十百]{1,5}|半";

    public const string Ordinals =
        "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth"
        + "|twenty[- ]first|twenty[- ]second|twenty[- ]third|twenty[- ]fourth|twenty[- ]fifth|twenty[- ]sixth|twenty[- ]seventh|twenty[- ]eighth|twenty[- ]ninth|thirtieth|thirty[- ]first";

    private static readonly string[] s_ordinals = Ordinals.Split('|');

    /// <summary>A count of units; 0.5 for a half.</summary>
    public static double? Count(string text)
    {
        if (double.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var digits))
        {
            return digits;
        }

        return text switch
        {
            "a" or "an" => 1,
            "half a" or "half an" or "a half" or "半" => 0.5,
            "a couple of" or "couple of" => 2,
            _ => EnglishNumber.Read(text)?.Value is { } english ? (double)english
                // Only number characters make a number; "few" and 几 do not.
                : text.All(character => "〇零一二两三四五六七八九十百".Contains(character, StringComparison.Ordinal)) && ChineseNumber.Read(text)?.Value is { } chinese ? (double)chinese : null,
        };
    }

    public static int? Whole(string text) => Array.IndexOf(s_ordinals, text.Replace('-', ' ')) is var plain and >= 0 ? plain + 1
        : s_ordinals.Select((pattern, i) => (pattern.Replace("[- ]", " ", StringComparison.Ordinal), i)).FirstOrDefault(entry => entry.Item1 == text.Replace('-', ' '), ("", -1)).Item2 is var at and >= 0 ? at + 1
        : Count(text) is { } count && count == Math.Floor(count) ? (int)count : null;

    /// <summary>A year in four Chinese digits.</summary>
    public static int? Year(string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var digits))
        {
            return digits < 100 ? 2000 + digits : digits;
        }

        var year = 0;
        foreach (var character in text)
        {
            var digit = "〇一二三四五六七八九".IndexOf(character is '零' or '○' ? '〇' : character, StringComparison.Ordinal);
            if (digit < 0)
            {
                return null;
            }

            year = (year * 10) + digit;
        }

        return year;
    }
}
