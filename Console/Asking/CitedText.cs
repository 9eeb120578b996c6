using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.WebConsole.Asking;

/// <summary>Finds the cited figures in a conclusion.</summary>
public static class CitedText
{
    /// <summary>The text in pieces; a piece that is a cited figure comes with its citation. Citations stand in the order of the text.</summary>
    public static IReadOnlyList<(string Text, Citation? Citation)> Parts(string text, IReadOnlyList<Citation> citations)
    {
        var parts = new List<(string, Citation?)>();
        var at = 0;
        var rest = citations.ToList();
        while (rest.Count > 0)
        {
            // The next figure of the text; of two that begin there, the longer one.
            var next = rest
                .Select(citation => (Citation: citation, Place: Place(text, citation.Figure, at)))
                .Where(found => found.Place >= 0)
                .OrderBy(found => found.Place)
                .ThenByDescending(found => found.Citation.Figure.Length)
                .FirstOrDefault();
            if (next.Citation is null)
            {
                break;
            }

            if (next.Place > at)
            {
                parts.Add((text[at..next.Place], null));
            }

            parts.Add((next.Citation.Figure, next.Citation));
            at = next.Place + next.Citation.Figure.Length;
            rest.Remove(next.Citation);
        }

        if (at < text.Length)
        {
            parts.Add((text[at..], null));
        }

        return parts;
    }

    /// <summary>Where the figure stands as a figure of its own: 8 is not found in 28 or 8.5.</summary>
    private static int Place(string text, string figure, int from)
    {
        for (var place = text.IndexOf(figure, from, StringComparison.Ordinal); place >= 0; place = text.IndexOf(figure, place + 1, StringComparison.Ordinal))
        {
            var end = place + figure.Length;
            var isWithin = (place > 0 && IsOfNumber(text, place - 1)) || (end < text.Length && (char.IsAsciiDigit(text[end]) || (IsOfNumber(text, end) && end + 1 < text.Length && char.IsAsciiDigit(text[end + 1]))));
            if (!isWithin)
            {
                return place;
            }
        }

        return -1;
    }

    private static bool IsOfNumber(string text, int i) => char.IsAsciiDigit(text[i]) || (text[i] is '.' or ',' && i > 0 && char.IsAsciiDigit(text[i - 1]));
}
