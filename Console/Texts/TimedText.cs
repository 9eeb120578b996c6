using System.Globalization;
using System.Text.RegularExpressions;

namespace RiskMonitor.WebConsole.Texts;

/// <summary>Finds the times in a text that the product wrote, so that they can be shown in the viewer's zone.</summary>
public static partial class TimedText
{
    /// <returns>The text in pieces: one that is a time has its instant, too.</returns>
    public static IEnumerable<(string Text, DateTimeOffset? At)> Parts(string text)
    {
        var from = 0;
        foreach (Match match in Instants().Matches(text))
        {
            if (!DateTimeOffset.TryParse(match.Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
            {
                continue;
            }

            if (match.Index > from)
            {
                yield return (text[from..match.Index], null);
            }

            yield return (match.Value, at);
            from = match.Index + match.Length;
        }

        if (from < text.Length)
        {
            yield return (text[from..], null);
        }
    }

    [GeneratedRegex(@"\b[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,7})?(?:Z|[+-][0-9]{2}:[0-9]{2})")]
    private static partial Regex Instants();
}
