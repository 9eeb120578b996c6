namespace RiskMonitor.UseCases.Inputs;

/// <summary>Suggests the known names that are most similar to an unknown one.</summary>
public static class NearestNames
{
    /// <summary>Names are at most 100 characters; what is longer is compared by its beginning.</summary>
    private const int MostCompared = 128;

    /// <summary>Names with more errors are not similar. The bound also keeps the search fast among tens of thousands of names.</summary>
    private const int MostErrors = 6;

    /// <summary>The names that differ from a word by few typing errors, the nearest first; case does not count.</summary>
    public static IReadOnlyList<string> To(string word, IEnumerable<string> names, int atMost)
    {
        var wanted = Comparable(word);
        var most = Math.Clamp(wanted.Length / 2, 2, MostErrors);
        return
        [
            .. names
                .Where(name => Math.Abs(Math.Min(name.Length, MostCompared) - wanted.Length) <= most)
                .Select(name => (Name: name, Distance: EditDistance.Within(wanted, Comparable(name), most)))
                .Where(candidate => candidate.Distance <= most)
                .OrderBy(candidate => candidate.Distance)
                .ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
                .Take(atMost)
                .Select(candidate => candidate.Name),
        ];
    }

    private static string Comparable(string text) => (text.Length <= MostCompared ? text : text[..MostCompared]).ToUpperInvariant();
}
