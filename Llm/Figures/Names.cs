namespace RiskMonitor.Llm.Figures;

/// <summary>Names in a text: they are separated from the words around them, so that "Desk 9" is no nine.</summary>
internal sealed class Names
{
    /// <summary>Stands where a name stood.</summary>
    public const char Mark = '\uFFFC';

    private static readonly (char Open, char Close)[] s_quotes =
        [('"', '"'), ('\'', '\''), ('`', '`'), ('\u201C', '\u201D'), ('\u300C', '\u300D'), ('\u300E', '\u300F'), ('\u300A', '\u300B'), ('*', '*')];

    private readonly List<Mention> _mentions = [];
    private readonly char[] _rest;

    private Names(string plain) => _rest = plain.ToCharArray();

    /// <summary>The text without its names, as long as it was.</summary>
    public string Rest => new(_rest);

    /// <summary>In the order of the text.</summary>
    public IReadOnlyList<Mention> Mentions => _mentions;

    /// <param name="plain">A <see cref="PlainText"/>.</param>
    public static Names In(string plain, IEnumerable<string> names)
    {
        var found = new Names(plain);
        foreach (var name in names.Distinct(StringComparer.Ordinal).OrderByDescending(name => name.Length))
        {
            found.Add(plain, name);
        }

        found._mentions.Sort((a, b) => a.Start.CompareTo(b.Start));
        return found;
    }

    private void Add(string plain, string name)
    {
        var written = PlainText.Of(name).Trim();
        if (written.Length == 0)
        {
            return;
        }

        bool? needsQuotes = null;
        for (var at = plain.IndexOf(written, StringComparison.OrdinalIgnoreCase); at >= 0; at = plain.IndexOf(written, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            var end = at + written.Length;
            if (StandsAlone(plain, at, end) && (!(needsQuotes ??= LooksLikeFigure(written)) || IsQuoted(plain, at, end)) && !_rest.AsSpan(at, written.Length).Contains(Mark))
            {
                _rest.AsSpan(at, written.Length).Fill(Mark);
                _mentions.Add(new Mention(name, at, end));
            }
        }
    }

    /// <summary>A name such as "5,000,000" would vouch for every figure that is written like it.</summary>
    private static bool LooksLikeFigure(string name) => FigureReader.Read(name).Any(figure =>
        figure.Kind != FigureKind.Moment && (figure.Unit is not null || figure.Kind == FigureKind.Share || Math.Abs(figure.Value) >= 1_000 || figure.Text.Length >= name.Length));

    private static bool StandsAlone(string text, int start, int end) =>
        !(start > 0 && IsJoined(text[start - 1], text[start])) && !(end < text.Length && IsJoined(text[end - 1], text[end]));

    private static bool IsJoined(char left, char right) => IsWordCharacter(left) && IsWordCharacter(right);

    /// <summary>Chinese puts no spaces between words.</summary>
    private static bool IsWordCharacter(char character) => char.IsLetterOrDigit(character) && character < '\u2E80';

    private static bool IsQuoted(string text, int start, int end) =>
        start > 0 && end < text.Length && s_quotes.Contains((text[start - 1], text[end]));
}

/// <summary>A name in a text.</summary>
/// <param name="Start">Of the plain text; likewise its end.</param>
internal sealed record Mention(string Name, int Start, int End);
