using System.Globalization;
using System.Text;

namespace RiskMonitor.Risk.Texts;

/// <summary>
/// Text that others wrote (names, comments, reasons), made fit to stand inside ours: for a person, a terminal, a log or a language model. Fields of
/// their own carry such text unchanged.
/// </summary>
public static class VisibleText
{
    /// <summary>Replaces what cannot be seen, moves a cursor, breaks a line or turns the direction of writing by its escape, such as <c>\u001b</c>.</summary>
    public static string Escaped(string text)
    {
        if (IsPlain(text))
        {
            return text;
        }

        var escaped = new StringBuilder(text.Length + 16);
        for (var at = 0; at < text.Length;)
        {
            var status = Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out var length);
            if (status == System.Buffers.OperationStatus.Done && !IsHidden(rune))
            {
                escaped.Append(text, at, length);
            }
            else
            {
                foreach (var unit in text.AsSpan(at, length))
                {
                    escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
                }
            }

            at += length;
        }

        return escaped.ToString();
    }

    /// <summary>One quoted word: where it begins and ends cannot be imitated from inside.</summary>
    public static string Quoted(string text) =>
        $"\"{Escaped(text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal))}\"";

    /// <summary>The same for a text of any length: a longer one is cut and marked so.</summary>
    public static string QuotedUpTo(string text, int mostChars) => text.Length <= mostChars ? Quoted(text) : $"{Quoted(text[..mostChars])}…";

    /// <summary>Almost every name is.</summary>
    private static bool IsPlain(string text) => !text.AsSpan().ContainsAnyExceptInRange(' ', '~');

    private static bool IsHidden(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned => true,
        // The ideographic space is as wide as a letter and usual in Chinese and Japanese text.
        UnicodeCategory.SpaceSeparator => rune.Value is not (' ' or 0x3000),
        // Letters, marks and symbols that show nothing: fillers, joiners, variation selectors, the empty Braille pattern.
        _ => rune.Value is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180F) or 0x2800 or 0x3164 or (>= 0xFE00 and <= 0xFE0F) or 0xFFA0
            or (>= 0xE0100 and <= 0xE01EF),
    };
}
