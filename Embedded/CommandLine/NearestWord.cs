namespace RiskMonitor.Embedded.CommandLine;

/// <summary>Guesses which word was meant.</summary>
internal static class NearestWord
{
    /// <summary>The end of an error message that names the word probably meant, or where to find the known ones.</summary>
    public static string Hint(string word, IEnumerable<string> known)
    {
        var (nearest, distance) = known.Where(candidate => candidate.Length > 0)
            .Select(candidate => (candidate, Distance(word, candidate)))
            .MinBy(pair => pair.Item2);
        return distance <= Math.Max(2, word.Length / 2) ? $"; did you mean {nearest}? (--help shows all)" : "; --help shows what there is";
    }

    /// <summary>Levenshtein distance: insertions, deletions and replacements of one character.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[^1];
    }
}
