namespace RiskMonitor.Embedded.Story;

/// <summary>Colours text for a terminal, or leaves it plain.</summary>
internal sealed class Ink(bool colour)
{
    /// <summary>Colour where there is a terminal that can show it, unless NO_COLOR (no-color.org) is set.</summary>
    public static Ink ForConsole() => new(
        !Console.IsOutputRedirected
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") is not "dumb");

    public string Bold(string text) => Paint(text, "1");

    public string Faint(string text) => Paint(text, "2");

    public string Red(string text) => Paint(text, "1;31");

    public string Yellow(string text) => Paint(text, "33");

    public string Green(string text) => Paint(text, "1;32");

    public string Blue(string text) => Paint(text, "36");

    private string Paint(string text, string code) => colour ? $"\e[{code}m{text}\e[0m" : text;
}
