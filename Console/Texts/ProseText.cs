using System.Globalization;
using System.Text.RegularExpressions;

namespace RiskMonitor.WebConsole.Texts;

/// <summary>Finds times and amounts as the API writes them in a text of the product, so that they can be shown as everywhere else.</summary>
public static partial class ProseText
{
    /// <returns>The text in pieces: one that is a time has its instant, too, and one that is an amount its value.</returns>
    public static IEnumerable<(string Text, DateTimeOffset? At, decimal? Amount)> Parts(string text)
    {
        var from = 0;
        foreach (Match match in Written().Matches(text))
        {
            var at = DateTimeOffset.TryParse(match.Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) && match.Groups["at"].Success ? instant : (DateTimeOffset?)null;
            var amount = match.Groups["amount"].Success && decimal.TryParse(match.Value, NumberStyles.Number, CultureInfo.InvariantCulture, out var value) ? value : (decimal?)null;
            if (at is null && amount is null)
            {
                continue;
            }

            if (match.Index > from)
            {
                yield return (text[from..match.Index], null, null);
            }

            yield return (match.Value, at, amount);
            from = match.Index + match.Length;
        }

        if (from < text.Length)
        {
            yield return (text[from..], null, null);
        }
    }

    [GeneratedRegex(
        @"(?<at>\b[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,7})?(?:Z|[+-][0-9]{2}:[0-9]{2}))|(?<amount>(?<![0-9.,A-Za-z_-])-?[0-9]{1,25}\.[0-9]{4}(?![0-9.,]*[0-9A-Za-z_]))")]
    private static partial Regex Written();
}
