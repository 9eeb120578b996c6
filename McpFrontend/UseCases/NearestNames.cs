namespace RiskMonitor.McpFrontend.UseCases;

/// <summary>Guesses which name was meant.</summary>
internal static class NearestNames
{
    /// <summary>Names are at most 100 characters; what is longer is compared by its beginning.</summary>
    private const int MostCompared = 128;

    /// <summary>The names that differ from a word by few typing errors, the nearest first; case does not count.</summary>
    public static IReadOnlyList<string> To(string word, IEnumerable<string> names, int atMost)
    {
        var wanted = Comparable(word);
        return
        [
            .. names
                .Select(name => (Name: name, Distance: EditDistance.Between(wanted, Comparable(name))))
                .Where(candidate => candidate.Distance <= Math.Max(2, wanted.Length / 2))
                .OrderBy(candidate => candidate.Distance)
                .ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
                .Take(atMost)
                .Select(candidate => candidate.Name),
        ];
    }

    private static string Comparable(string text) => (text.Length <= MostCompared ? text : text[..MostCompared]).ToUpperInvariant();
}
