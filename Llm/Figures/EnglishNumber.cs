using System.Text.RegularExpressions;

namespace RiskMonitor.Llm.Figures;

/// <summary>Numbers in English words.</summary>
public static partial class EnglishNumber
{
    private static readonly Dictionary<string, int> s_small = new(StringComparer.OrdinalIgnoreCase)
    {
        ["zero"] = 0,
        ["one"] = 1,
        ["two"] = 2,
        ["three"] = 3,
        ["four"] = 4,
        ["five"] = 5,
        ["six"] = 6,
        ["seven"] = 7,
        ["eight"] = 8,
        ["nine"] = 9,
        ["ten"] = 10,
        ["eleven"] = 11,
        ["twelve"] = 12,
        ["thirteen"] = 13,
        ["fourteen"] = 14,
        ["fifteen"] = 15,
        ["sixteen"] = 16,
        ["seventeen"] = 17,
        ["eighteen"] = 18,
        ["nineteen"] = 19,
        ["twenty"] = 20,
        ["thirty"] = 30,
        ["forty"] = 40,
        ["fifty"] = 50,
        ["sixty"] = 60,
        ["seventy"] = 70,
        ["eighty"] = 80,
        ["ninety"] = 90,
        ["dozen"] = 12,
    };

    private static readonly Dictionary<string, decimal> s_scales = new(StringComparer.OrdinalIgnoreCase)
    {
        ["thousand"] = 1_000m,
        ["million"] = 1_000_000m,
        ["billion"] = 1_000_000_000m,
        ["trillion"] = 1_000_000_000_000m,
    };

    /// <summary>A run of number words.</summary>
    [GeneratedRegex(
        @"(?<![\p{L}\d])(?:half\s+an?\s+(?=hundred|thousand|million|billion|trillion))?(?:(?:an?\s+(?=hundred|thousand|million|billion|trillion|dozen))?"
        + @"(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|dozen|hundred|thousand|million|billion|trillion|point)"
        + @"(?:[\s-]+(?:and\s+)?(?=(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|dozen|hundred|thousand|million|billion|trillion|point)(?!\p{L})))?)+(?!\p{L})",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    public static partial Regex Words();

    /// <summary>Multiples and shares in one word, and quantities that name no number.</summary>
    [GeneratedRegex(
        @"(?<!\p{L})(?<word>half|halves|twice|doubled?|doubling|tripled?|tripling|quadrupled?|thrice|(?:two|three)[\s-]+(?:thirds|quarters|fifths|tenths)|(?:a|one)[\s-]+(?:third|quarter|fifth|tenth)(?=\s+(?:of|the|its))|\p{L}*fold"
        + @"|hundreds|thousands|dozens|handful|scores?(?=\s+of)|couple(?=\s+of)|[a-z]*(?:tausend|hundert)[a-z]*|[a-z]*(?:million|billion|trillion|milliard|millon|lakh|crore)[a-z]*)(?!\p{L})"
        + @"|(?<word>翻了?一?[番倍])",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    public static partial Regex Vague();

    /// <returns>The number and the place to which it was rounded; null where the words make none, or one beyond what a decimal holds.</returns>
    public static (decimal Value, decimal Step)? Read(string words)
    {
        try
        {
            return Parse(words);
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private static (decimal Value, decimal Step)? Parse(string words)
    {
        decimal total = 0, section = 0, step = 1;
        decimal? fraction = null;
        var isHalf = words.StartsWith("half", StringComparison.OrdinalIgnoreCase);
        var isEmpty = true;
        foreach (var word in words.Split([' ', '-', '\n'], StringSplitOptions.RemoveEmptyEntries).Where(word => !IsFiller(word)))
        {
            if (fraction is { } place && s_small.TryGetValue(word, out var digit) && digit < 10)
            {
                section += digit * place;
                step = place;
                fraction = place / 10;
            }
            else if (s_small.TryGetValue(word, out var small))
            {
                // Words that only stand beside each other, as in "one two", make no number.
                if (!isEmpty && !Joins(section, small))
                {
                    return null;
                }

                section = small == 12 && word.Equals("dozen", StringComparison.OrdinalIgnoreCase) ? Math.Max(section, 1) * 12 : section + small;
            }
            else if (word.Equals("hundred", StringComparison.OrdinalIgnoreCase))
            {
                section = (section == 0 ? 1 : section) * 100;
                step *= fraction is null ? 1 : 100;
            }
            else if (s_scales.TryGetValue(word, out var scale))
            {
                section = (section == 0 && total == 0 ? 1 : section) * scale;
                step = fraction is null ? (total == 0 ? scale : step) : step * scale;
                total += section;
                section = 0;
                fraction = null;
            }
            else if (word.Equals("point", StringComparison.OrdinalIgnoreCase) && fraction is null && !isEmpty)
            {
                fraction = 0.1m;
            }
            else
            {
                return null;
            }

            isEmpty = false;
        }

        var value = total + section;
        return isEmpty ? null : isHalf ? (value / 2, value / 20) : (value, section > 0 && fraction is null ? 1 : step);
    }

    /// <returns>The multiple that a word stands for; null where it names none.</returns>
    public static decimal? Multiple(string word) => word.ToLowerInvariant() switch
    {
        "half" => 0.5m,
        "twice" or "double" or "doubled" or "twofold" => 2,
        "thrice" or "triple" or "tripled" or "threefold" => 3,
        "quadruple" or "quadrupled" or "fourfold" => 4,
        "tenfold" => 10,
        _ => null,
    };

    private static bool IsFiller(string word) => word.ToLowerInvariant() is "a" or "an" or "and" or "half";

    private static bool Joins(decimal section, int small) =>
        section == 0 || (section % 100 == 0 && small < 100) || (section % 10 == 0 && section % 100 >= 20 && small < 10) || small == 12;
}
