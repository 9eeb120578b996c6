namespace RiskMonitor.CdcIngest.Decoding;

/// <summary>Numbers as JSON allows them.</summary>
internal static class JsonNumber
{
    /// <returns>How long the number is with which a text begins; 0 where it begins with none.</returns>
    public static int LengthAtStart(ReadOnlySpan<byte> text)
    {
        var at = text is [(byte)'-', ..] ? 1 : 0;
        var whole = Digits(text[at..]);
        if (whole == 0 || (whole > 1 && text[at] == '0'))
        {
            return 0;
        }

        at += whole;
        if (at < text.Length && text[at] == '.')
        {
            var fraction = Digits(text[(at + 1)..]);
            if (fraction == 0)
            {
                return 0;
            }

            at += 1 + fraction;
        }

        if (at < text.Length && text[at] is (byte)'e' or (byte)'E')
        {
            var sign = at + 1 < text.Length && text[at + 1] is (byte)'+' or (byte)'-' ? 1 : 0;
            var exponent = Digits(text[(at + 1 + sign)..]);
            return exponent == 0 ? 0 : at + 1 + sign + exponent;
        }

        return at;
    }

    private static int Digits(ReadOnlySpan<byte> text)
    {
        var length = 0;
        while (length < text.Length && char.IsAsciiDigit((char)text[length]))
        {
            length++;
        }

        return length;
    }
}
