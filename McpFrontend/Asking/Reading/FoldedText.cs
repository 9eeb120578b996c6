using System.Text;

namespace RiskMonitor.McpFrontend.Asking.Reading;

/// <summary>A text to compare by: letters in one case and width, one space between words. What was found is struck out.</summary>
internal sealed class FoldedText
{
    /// <summary>Stands where something was found; no letter, and no space.</summary>
    private const char Found = '\uFFFC';

    private readonly StringBuilder _rest;

    private FoldedText(string folded) => _rest = new StringBuilder(folded);

    /// <summary>What was not found yet.</summary>
    public string Rest => _rest.ToString();

    public static FoldedText Of(string text) => new(Fold(text));

    public static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            // Full-width forms stand for ASCII.
            var narrow = rune.Value is >= 0xFF01 and <= 0xFF5E ? new Rune(rune.Value - 0xFEE0) : rune;
            if (Rune.IsWhiteSpace(narrow) || Rune.IsControl(narrow) || narrow.Value == Found)
            {
                if (folded.Length > 0 && folded[^1] != ' ')
                {
                    folded.Append(' ');
                }
            }
            else
            {
                folded.Append(Rune.ToLowerInvariant(narrow).ToString());
            }
        }

        return folded.ToString().TrimEnd();
    }

    /// <summary>Where a word or name stands alone, first after what is struck out; −1 where it does not. Chinese needs no space around it.</summary>
    public int Find(string folded)
    {
        var rest = Rest;
        for (var at = rest.IndexOf(folded, StringComparison.Ordinal); at >= 0; at = rest.IndexOf(folded, at + 1, StringComparison.Ordinal))
        {
            if (!(at > 0 && IsJoined(rest[at - 1], rest[at])) && !(at + folded.Length < rest.Length && IsJoined(rest[at + folded.Length - 1], rest[at + folded.Length])))
            {
                return at;
            }
        }

        return -1;
    }

    public void Strike(int start, int length)
    {
        for (var i = start; i < start + length; i++)
        {
            _rest[i] = Found;
        }
    }

    private static bool IsJoined(char left, char right) => IsWordCharacter(left) && IsWordCharacter(right);

    private static bool IsWordCharacter(char character) => char.IsLetterOrDigit(character) && character < '\u2E80';
}
