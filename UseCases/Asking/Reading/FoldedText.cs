using System.Text;
using RiskMonitor.UseCases.Asking.Reading.Unicode;

namespace RiskMonitor.UseCases.Asking.Reading;

/// <summary>
/// A normalised text for comparison: one case, width and composition, one space between words. Readers strike out what they found. It maps each of its
/// characters to its position in the original text.
/// </summary>
public sealed class FoldedText
{
    /// <summary>Replaces the name of a desk that was found; neither a letter nor a space.</summary>
    public const char Desk = '\uE000';

    /// <summary>Replaces any other text that was found.</summary>
    public const char Found = '\uE001';

    private readonly string _written;
    private readonly char[] _folded;
    private readonly int[] _starts;
    private string? _rest;

    private FoldedText(string written, char[] folded, int[] starts) => (_written, _folded, _starts) = (written, folded, starts);

    /// <summary>The text with everything struck out that readers found.</summary>
    public string Rest => _rest ??= new string(_folded);

    public static FoldedText Of(string text)
    {
        var (folded, starts) = (new StringBuilder(text.Length), new List<int>(text.Length + 1));
        var piece = new StringBuilder();
        var at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            piece.Clear();
            UnicodeForms.Append(piece, rune, compatible: true);
            foreach (var part in piece.ToString().EnumerateRunes())
            {
                // Marks keep their canonical order, so that two ways to write a name fold to one.
                var mark = UnicodeForms.ClassOf(part);
                var place = folded.Length;
                while (mark > 0 && place > 0 && UnicodeForms.ClassOf(new Rune(char.IsSurrogate(folded[place - 1]) ? ' ' : folded[place - 1])) > mark)
                {
                    place--;
                }

                if (Rune.IsWhiteSpace(part) || Rune.IsControl(part) || part.Value is Desk or Found)
                {
                    if (folded.Length > 0 && folded[^1] != ' ')
                    {
                        folded.Append(' ');
                        starts.Add(at);
                    }
                }
                else
                {
                    var lower = part.Value switch
                    {
                        // An apostrophe, a dash and a final sigma are written in several ways.
                        0x2018 or 0x2019 or 0x02BC => "'",
                        0x2010 or 0x2011 or 0x2012 or 0x2212 => "-",
                        0x03C2 => "\u03C3",
                        _ => Rune.ToLowerInvariant(part).ToString(),
                    };
                    folded.Insert(place, lower);
                    starts.InsertRange(place, Enumerable.Repeat(at, lower.Length));
                }
            }

            at += rune.Utf16SequenceLength;
        }

        while (folded.Length > 0 && folded[^1] == ' ')
        {
            folded.Length--;
            starts.RemoveAt(starts.Count - 1);
        }

        starts.Add(text.Length);
        return new FoldedText(text, folded.ToString().ToCharArray(), [.. starts]);
    }

    public static string Fold(string text) => Of(text).Rest;

    /// <summary>The characters as they are in the original text.</summary>
    public string Written(int start, int length)
    {
        // The end of the last character as it was written: where the next other one begins.
        var end = start + length;
        while (end < _starts.Length - 1 && _starts[end] == _starts[end - 1])
        {
            end++;
        }

        return _written[_starts[start].._starts[end]].Trim();
    }

    /// <summary>Whether a run stands alone: no letter or digit of the same word before or behind it. Chinese needs no space around it.</summary>
    public bool StandsAlone(int at, int length) =>
        !(at > 0 && IsJoined(_folded[at - 1], _folded[at])) && !(at + length < _folded.Length && IsJoined(_folded[at + length - 1], _folded[at + length]));

    /// <summary>The first position after struck-out text at which a word or name stands alone; −1 if there is none.</summary>
    public int Find(string folded)
    {
        for (var at = Rest.IndexOf(folded, StringComparison.Ordinal); at >= 0; at = Rest.IndexOf(folded, at + 1, StringComparison.Ordinal))
        {
            if (StandsAlone(at, folded.Length))
            {
                return at;
            }
        }

        return -1;
    }

    public void Strike(int start, int length, char mark = Found)
    {
        Array.Fill(_folded, mark, start, length);
        _rest = null;
    }

    private static bool IsJoined(char left, char right) => IsWordCharacter(left) && IsWordCharacter(right);

    private static bool IsWordCharacter(char character) =>
        (char.IsLetterOrDigit(character) || char.GetUnicodeCategory(character) is System.Globalization.UnicodeCategory.NonSpacingMark) && character < '\u2E80';
}
