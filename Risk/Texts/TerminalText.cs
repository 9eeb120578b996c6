using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace RiskMonitor.Risk.Texts;

/// <summary>
/// Text that a terminal may show. It is made of interpolated strings: what stands in the source is taken as it is, and every text put into it is
/// escaped, so that no name or comment can move the cursor, ring the bell or begin a line of its own. Only other text of this kind goes in unchanged.
/// </summary>
public readonly record struct TerminalText
{
    private readonly string? _text;

    private TerminalText(string text) => _text = text;

    public static TerminalText Of(TerminalTextHandler text) => new(text.ToString());

    /// <summary>Between control sequences of this program.</summary>
    public TerminalText Between(string before, string after) => new($"{before}{_text}{after}");

    public override string ToString() => _text ?? "";
}

/// <summary>Builds <see cref="TerminalText"/> from an interpolated string.</summary>
[InterpolatedStringHandler]
public readonly ref struct TerminalTextHandler(int literalLength, int formattedCount)
{
    private readonly StringBuilder _text = new(literalLength + (formattedCount * 16));

    public void AppendLiteral(string text) => _text.Append(text);

    public void AppendFormatted(TerminalText text) => _text.Append(text.ToString());

    public void AppendFormatted(string? text) => _text.Append(VisibleText.Escaped(text ?? ""));

    public void AppendFormatted(string? text, int alignment) =>
        _text.Append(alignment < 0 ? VisibleText.Escaped(text ?? "").PadRight(-alignment) : VisibleText.Escaped(text ?? "").PadLeft(alignment));

    public void AppendFormatted<T>(T value, string? format = null) =>
        AppendFormatted(value is IFormattable formattable ? formattable.ToString(format, CultureInfo.InvariantCulture) : value?.ToString());

    public override string ToString() => _text.ToString();
}

public static class TerminalWriting
{
    /// <summary>Writes a line, or the lines of the source, with every text put into it escaped.</summary>
    public static Task SayAsync(this TextWriter output, TerminalTextHandler line) => output.WriteLineAsync(line.ToString());
}
