using System.Globalization;
using System.Text;

namespace RiskMonitor.UseCases.Asking.Writing;

/// <summary>
/// Writes names of desks, traders and securities, which come from data. A name that could be read as more than a name is quoted, and characters that a
/// screen or log would interpret are escaped.
/// </summary>
public static class NameText
{
    /// <summary>A longer name is quoted, because it may be a sentence.</summary>
    private const int MostPlain = 32;

    private const int MostShown = 120;

    /// <summary>The name unquoted if it is plainly a name; otherwise quoted.</summary>
    public static string Of(string name) => name.Length is > 0 and <= MostPlain && name.AsSpan().Trim().Length == name.Length && name.All(IsPlain) && !name.Contains(". ", StringComparison.Ordinal)
        ? name
        : $"\"{Escaped(name)}\"";

    /// <summary>The name in single quotation marks, as in error texts.</summary>
    public static string Quoted(string name) => $"'{Escaped(name)}'";

    public static string Escaped(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (var rune in (name.Length <= MostShown ? name : $"{name[..MostShown]}…").EnumerateRunes())
        {
            if (rune.Value is '"' or '\\')
            {
                text.Append('\\').Append((char)rune.Value);
            }
            else if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned)
            {
                text.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:X}}}");
            }
            else
            {
                text.Append(rune.ToString());
            }
        }

        return text.ToString();
    }

    private static bool IsPlain(char character) => char.IsLetterOrDigit(character) || char.GetUnicodeCategory(character) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
        || character is ' ' or '&' or '+' or '-' or '/' or '_' or '.' or '(' or ')' or '·';
}
