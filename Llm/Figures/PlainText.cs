using System.Globalization;
using System.Text;

namespace RiskMonitor.Llm.Figures;

/// <summary>
/// Text in which one character means one thing: full-width forms and the digits of all scripts are ASCII, spaces and minus signs are one each,
/// and what has no width is gone, so that no figure hides in how it is written.
/// </summary>
internal static class PlainText
{
    public static string Of(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            if (category == UnicodeCategory.DecimalDigitNumber)
            {
                plain.Append((char)('0' + (int)Rune.GetNumericValue(rune)));
            }
            else if (rune.Value is >= 0xFF01 and <= 0xFF5E)
            {
                plain.Append((char)(rune.Value - 0xFEE0));
            }
            else if (rune.Value is '\u2212' or '\u2010' or '\u2011' or '\u2012' or '\u2013')
            {
                plain.Append('-');
            }
            else if (rune.Value is '\u2018' or '\u2019')
            {
                plain.Append('\'');
            }
            else if (rune.Value is '\n' or '\r')
            {
                plain.Append('\n');
            }
            else if (category is UnicodeCategory.SpaceSeparator or UnicodeCategory.Control)
            {
                plain.Append(' ');
            }
            else if (category is not (UnicodeCategory.Format or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark) || IsWritten(rune))
            {
                plain.Append(rune.ToString());
            }
        }

        return plain.ToString();
    }

    /// <summary>Whether figures written out in words could be read: the words known here are English and Chinese.</summary>
    public static bool IsReadable(string plain) => plain.EnumerateRunes().All(rune => !Rune.IsLetter(rune)
        || rune.Value is < 0x0250 or (>= 0x0370 and <= 0x03FF) or (>= 0x2E80 and <= 0x2FDF) or (>= 0x3005 and <= 0x3007) or (>= 0x3400 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or >= 0x20000);

    /// <summary>Accents belong to letters; what only decorates digits does not.</summary>
    private static bool IsWritten(Rune rune) => rune.Value is >= 0x0300 and <= 0x036F;
}
