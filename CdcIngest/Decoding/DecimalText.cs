namespace RiskMonitor.CdcIngest.Decoding;

/// <summary>
/// Decimals exactly as written, or not at all. What counts is what a <see cref="decimal"/> holds without rounding (28 digits) below 10^18 in
/// magnitude: more than any DECIMAL(18,4), and far enough from the end that sums over a desk cannot overflow.
/// </summary>
internal static class DecimalText
{
    private const int MaxScale = 28;

    // Enough for every digit that can matter; the rest must be zeros after the point.
    private const int MaxDigits = 38;

    private static readonly UInt128 s_maxMantissa = (UInt128.One << 96) - 1;

    /// <summary>10^18: values at or beyond it, either way, are refused.</summary>
    public const decimal Limit = 1_000_000_000_000_000_000m;

    /// <summary>Reads <c>[-+]digits[.digits][e[-+]digits]</c>.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out decimal value)
    {
        value = 0;
        var at = 0;
        var isNegative = at < text.Length && text[at] == '-';
        if (isNegative || (at < text.Length && text[at] == '+'))
        {
            at++;
        }

        UInt128 mantissa = 0;
        var significant = 0;
        var scale = 0;
        var digits = 0;
        var afterPoint = false;
        for (; at < text.Length; at++)
        {
            var digit = (uint)(text[at] - '0');
            if (digit <= 9)
            {
                digits++;
                if (significant == MaxDigits)
                {
                    if (digit != 0 || !afterPoint)
                    {
                        return false;
                    }

                    continue;
                }

                mantissa = mantissa <= ulong.MaxValue / 10 - 1 ? ((ulong)mantissa * 10) + digit : (mantissa * 10) + digit;
                significant += mantissa == 0 ? 0 : 1;
                scale += afterPoint ? 1 : 0;
            }
            else if (text[at] == '.' && !afterPoint)
            {
                afterPoint = true;
            }
            else
            {
                break;
            }
        }

        if (digits == 0 || !TryReadExponent(text[at..], out var exponent))
        {
            return false;
        }

        return TryMake(mantissa, scale - exponent, isNegative, out value);
    }

    /// <summary>Makes <c>mantissa / 10^scale</c>, if that is exact and within the limit.</summary>
    public static bool TryMake(UInt128 mantissa, int scale, bool isNegative, out decimal value)
    {
        value = 0;
        if (mantissa == 0)
        {
            value = new decimal(0, 0, 0, isNegative: false, (byte)Math.Clamp(scale, 0, MaxScale));
            return true;
        }

        while (scale > 0 && (scale > MaxScale || mantissa > s_maxMantissa))
        {
            var (quotient, remainder) = UInt128.DivRem(mantissa, 10);
            if (remainder != 0)
            {
                return false;
            }

            mantissa = quotient;
            scale--;
        }

        for (; scale < 0 && mantissa <= s_maxMantissa; scale++)
        {
            mantissa *= 10;
        }

        if (mantissa > s_maxMantissa || scale < 0)
        {
            return false;
        }

        var low = (ulong)mantissa;
        value = new decimal((int)low, (int)(low >> 32), (int)(uint)(mantissa >> 64), isNegative, (byte)scale);
        return value is < Limit and > -Limit;
    }

    private static bool TryReadExponent(ReadOnlySpan<byte> text, out int exponent)
    {
        exponent = 0;
        if (text.IsEmpty)
        {
            return true;
        }

        if (text[0] is not ((byte)'e' or (byte)'E'))
        {
            return false;
        }

        var at = 1;
        var isNegative = at < text.Length && text[at] == '-';
        if (isNegative || (at < text.Length && text[at] == '+'))
        {
            at++;
        }

        if (at == text.Length || text.Length - at > 4)
        {
            return false;
        }

        for (; at < text.Length; at++)
        {
            var digit = text[at] - '0';
            if (digit is < 0 or > 9)
            {
                return false;
            }

            exponent = (exponent * 10) + digit;
        }

        exponent = isNegative ? -exponent : exponent;
        return true;
    }
}
