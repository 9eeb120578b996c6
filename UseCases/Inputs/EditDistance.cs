namespace RiskMonitor.UseCases.Inputs;

/// <summary>Counts the typing errors between two words, to guess which word was meant.</summary>
public static class EditDistance
{
    /// <summary>Levenshtein distance: insertions, deletions and replacements of one character.</summary>
    public static int Between(string a, string b)
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

    /// <summary>The same, where more than a few errors need not be counted: takes time by the length of the words, and not by its square.</summary>
    /// <param name="most">The most errors that matter.</param>
    /// <returns>The distance, or <paramref name="most"/> + 1 where there are more errors.</returns>
    public static int Within(string a, string b, int most)
    {
        if (Math.Abs(a.Length - b.Length) > most)
        {
            return most + 1;
        }

        var (row, last) = (new int[b.Length + 1], new int[b.Length + 1]);
        for (var j = 0; j <= b.Length; j++)
        {
            last[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            var (from, to) = (Math.Max(1, i - most), Math.Min(b.Length, i + most));
            row[from - 1] = from == 1 ? i : most + 1;
            var best = row[from - 1];
            for (var j = from; j <= to; j++)
            {
                // Beyond the band the row before has nothing that matters.
                var above = j == i + most ? most + 1 : last[j];
                row[j] = Math.Min(last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1), 1 + Math.Min(above, row[j - 1]));
                best = Math.Min(best, row[j]);
            }

            if (best > most)
            {
                return most + 1;
            }

            (row, last) = (last, row);
        }

        return Math.Min(last[b.Length], most + 1);
    }

    /// <summary>The same distance, but two transposed letters count as one error.</summary>
    public static int Typing(string a, string b, int most)
    {
        if (a.Length == b.Length)
        {
            var first = 0;
            while (first < a.Length && a[first] == b[first])
            {
                first++;
            }

            if (first + 1 < a.Length && a[first] == b[first + 1] && a[first + 1] == b[first] && a.AsSpan(first + 2).SequenceEqual(b.AsSpan(first + 2)))
            {
                return 1;
            }
        }

        return Within(a, b, most);
    }
}
