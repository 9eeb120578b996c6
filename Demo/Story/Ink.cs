using RiskMonitor.Risk.Texts;

namespace RiskMonitor.Demo.Story;

/// <summary>Colours text for a terminal, or leaves it plain. What is put into the text is escaped in any case.</summary>
public sealed class Ink(bool colour)
{
    /// <summary>Colour where there is a terminal that can show it, unless NO_COLOR (no-color.org) is set.</summary>
    public static Ink ForConsole() => new(
        !Console.IsOutputRedirected
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") is not "dumb");

    public TerminalText Bold(TerminalTextHandler text) => Paint(text, "1");

    public TerminalText Faint(TerminalTextHandler text) => Paint(text, "2");

    public TerminalText Red(TerminalTextHandler text) => Paint(text, "1;31");

    public TerminalText Yellow(TerminalTextHandler text) => Paint(text, "33");

    public TerminalText Green(TerminalTextHandler text) => Paint(text, "1;32");

    public TerminalText Blue(TerminalTextHandler text) => Paint(text, "36");

    private TerminalText Paint(TerminalTextHandler text, string code) =>
        colour ? TerminalText.Of(text).Between($"\e[{code}m", "\e[0m") : TerminalText.Of(text);
}
