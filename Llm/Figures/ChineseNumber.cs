using System.Text.RegularExpressions;

namespace RiskMonitor.Llm.Figures;

/// <summary>Numbers in Chinese characters, such as 一千二百万 or 三点五亿.</summary>
public static partial class ChineseNumber
{
    private const string Digits = "〇一二三四五六七八九";

    [GeneratedRegex("(?<vague>[几数上])?(?<run>[〇零一二两兩三四五六七八九十百千万萬亿億壹贰叁肆伍陆柒捌玖拾佰仟]+(?:点[〇零一二两三四五六七八九]+)?(?:[十百千万萬亿億]+)?)")]
    public static partial Regex Run();

    /// <returns>The number and the place to which it was rounded; null where the characters make none, or one beyond what a decimal holds.</returns>
    public static (decimal Value, decimal Step)? Read(string run)
    {
        try
        {
            return Parse(run);
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private static (decimal Value, decimal Step)? Parse(string run)
    {
        var point = run.IndexOf('点', StringComparison.Ordinal);
        if (point >= 0)
        {
            var scaled = run[(point + 1)..].TrimEnd('十', '百', '千', '万', '萬', '亿', '億');
            var scale = run[(point + 1 + scaled.Length)..];
            if (Whole(run[..point]) is not { } whole || scaled.Any(character => DigitOf(character) is null) || (scale.Length > 0 && Whole(scale, impliesOne: true) is null))
            {
                return null;
            }

            var factor = scale.Length == 0 ? 1 : Whole(scale, impliesOne: true)!.Value;
            decimal value = whole, place = 1;
            foreach (var character in scaled)
            {
                place /= 10;
                value += DigitOf(character)!.Value * place;
            }

            return (value * factor, place * factor);
        }

        if (Whole(run, impliesOne: true) is not { } number)
        {
            return null;
        }

        // 两百万 is rounded to the million, as two million is.
        var step = 1m;
        if (run[^1] is '万' or '萬' or '亿' or '億')
        {
            step = number;
            while (step >= 10 && step % 10 == 0)
            {
                step /= 10;
            }

            step = number / Math.Max(step, 1);
        }

        return (number, step);
    }

    /// <summary>The factor of a scale such as 百万, or null.</summary>
    public static decimal? Scale(string run) =>
        run.All(character => UnitOf(character) is not null || character is '万' or '萬' or '亿' or '億') ? Read(run)?.Value : null;

    private static decimal? Whole(string run, bool impliesOne = false)
    {
        decimal total = 0, section = 0;
        int? digit = null;
        var lastUnit = decimal.MaxValue;
        foreach (var character in run)
        {
            if (DigitOf(character) is { } next)
            {
                if (digit is not null and not 0)
                {
                    return null;
                }

                digit = next;
            }
            else if (UnitOf(character) is { } unit)
            {
                if (unit >= lastUnit)
                {
                    // 十万, 百万 as factors of their own: 千万 is a thousand times ten thousand, 百千 is nothing.
                    return null;
                }

                section += (digit ?? (unit == 10 || impliesOne ? 1 : 0)) * unit;
                lastUnit = unit;
                digit = null;
            }
            else
            {
                decimal big = character is '亿' or '億' ? 100_000_000 : 10_000;
                section += digit ?? 0;
                total = big == 100_000_000 ? (total + (section == 0 && total == 0 && impliesOne ? 1 : section)) * big : total + ((section == 0 && impliesOne ? 1 : section) * big);
                (section, digit, lastUnit) = (0, null, decimal.MaxValue);
            }
        }

        return total + section + (digit ?? 0);
    }

    private static int? DigitOf(char character) => character switch
    {
        '零' => 0,
        '两' or '兩' => 2,
        '壹' => 1,
        '贰' => 2,
        '叁' => 3,
        '肆' => 4,
        '伍' => 5,
        '陆' => 6,
        '柒' => 7,
        '捌' => 8,
        '玖' => 9,
        _ => Digits.IndexOf(character, StringComparison.Ordinal) is var at and >= 0 ? at : null,
    };

    private static decimal? UnitOf(char character) => character switch
    {
        '十' or '拾' => 10,
        '百' or '佰' => 100,
        '千' or '仟' => 1_000,
        _ => null,
    };
}
