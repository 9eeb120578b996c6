using System.Globalization;

namespace RiskMonitor.Risk.Figures;

/// <summary>
/// Arithmetic that never throws. An amount beyond <see cref="Most"/> cannot come from positions that fit their table, so it has no figure: null,
/// and the text that shows it says why.
/// </summary>
public static class Amounts
{
    /// <summary>The size from which on an amount has no figure. Far below what a decimal holds, so that sums and differences of two amounts always fit.</summary>
    public const decimal Most = 1e27m;

    /// <summary>The largest ratio that is shown: no reader can use a larger one, and a percentage of it still fits.</summary>
    public const decimal MostRatio = 1e15m;

    /// <returns>Null where the sum is beyond <see cref="Most"/>, and where a part has no figure.</returns>
    public static decimal? Sum(decimal? a, decimal? b) => Bounded(a) is { } first && Bounded(b) is { } second ? Bounded(first + second) : null;

    /// <returns>Null where the product is beyond <see cref="Most"/>.</returns>
    public static decimal? Product(decimal a, decimal b)
    {
        if (a == 0 || b == 0)
        {
            return 0;
        }

        var (small, large) = Math.Abs(a) <= Math.Abs(b) ? (Math.Abs(a), Math.Abs(b)) : (Math.Abs(b), Math.Abs(a));
        // A factor of at most 1 makes nothing larger; dividing by one above 1 does not either.
        return (small <= 1 ? small * large : large > Most / small ? decimal.MaxValue : small * large) <= Most ? a * b : null;
    }

    /// <summary>A part as a share of the whole.</summary>
    /// <returns>Null at a whole of 0, and where the share is beyond <see cref="MostRatio"/>.</returns>
    public static decimal? Ratio(decimal part, decimal whole)
    {
        if (whole == 0)
        {
            return null;
        }

        var (size, of) = (Math.Abs(part), Math.Abs(whole));
        return of <= decimal.MaxValue / MostRatio && size > of * MostRatio ? null : part / whole;
    }

    /// <summary>Reads a plain number, with an exponent where that is allowed, only if a decimal holds all of its digits.</summary>
    public static bool TryParse(string text, bool mayHaveExponent, out decimal amount)
    {
        var style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | (mayHaveExponent ? NumberStyles.AllowExponent : NumberStyles.None);
        if (decimal.TryParse(text, style, CultureInfo.InvariantCulture, out amount) && Digits(text).SequenceEqual(Digits(amount.ToString(CultureInfo.InvariantCulture))))
        {
            return true;
        }

        amount = 0;
        return false;
    }

    /// <summary>A decimal has no more decimals than that, trailing zeros aside.</summary>
    public static bool HasAtMost(this decimal amount, int decimals) => Math.Round(amount, decimals) == amount;

    private static decimal? Bounded(decimal? amount) => amount is { } value && Math.Abs(value) <= Most ? value : null;

    /// <summary>The digits from the first to the last that is not 0.</summary>
    private static string Digits(string text)
    {
        var mantissa = text.AsSpan(0, text.AsSpan().IndexOfAny('e', 'E') is >= 0 and var end ? end : text.Length);
        Span<char> digits = mantissa.Length <= 256 ? stackalloc char[mantissa.Length] : new char[mantissa.Length];
        var count = 0;
        foreach (var character in mantissa)
        {
            if (char.IsAsciiDigit(character))
            {
                digits[count++] = character;
            }
        }

        return digits[..count].Trim('0').ToString();
    }
}
