using System.Text;
using RiskMonitor.Risk.Texts;

namespace RiskMonitor.Alerting.Llm;

/// <summary>Puts a name that a model wrote into quotes, whatever it says: a desk's name may read like a sentence of the analysis.</summary>
internal static class QuotedName
{
    /// <returns>The text on one line, with every mention of the name quoted and nothing in it that cannot be seen.</returns>
    public static string In(string text, string name)
    {
        var quoted = VisibleText.Quoted(name);
        var written = new StringBuilder(text.Length + 16);
        var from = 0;
        for (var at = Find(text, name, 0); at >= 0; at = Find(text, name, from))
        {
            var end = at + name.Length;
            // Where the model wrote the quotes itself, they become these.
            var isQuoted = at > from && text[at - 1] == '"' && end < text.Length && text[end] == '"';
            written.Append(OneLine(text[from..(isQuoted ? at - 1 : at)])).Append(quoted);
            from = isQuoted ? end + 1 : end;
        }

        return written.Append(OneLine(text[from..])).ToString();
    }

    /// <summary>The next place where it stands alone; −1 where there is none.</summary>
    private static int Find(string text, string name, int from)
    {
        for (var at = text.IndexOf(name, from, StringComparison.Ordinal); at >= 0; at = text.IndexOf(name, at + 1, StringComparison.Ordinal))
        {
            var end = at + name.Length;
            if (!(at > 0 && IsJoined(text[at - 1], text[at])) && !(end < text.Length && IsJoined(text[end - 1], text[end])))
            {
                return at;
            }
        }

        return -1;
    }

    private static bool IsJoined(char left, char right) => char.IsLetterOrDigit(left) && char.IsLetterOrDigit(right);

    private static string OneLine(string text) => VisibleText.Escaped(text.Replace("\r", "", StringComparison.Ordinal).Replace('\n', ' '));
}
