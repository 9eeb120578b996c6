using RiskMonitor.UseCases.Inputs;

namespace RiskMonitor.Host.CommandLine;

/// <summary>Guesses which word was meant.</summary>
internal static class NearestWord
{
    /// <summary>The end of an error message that names the word probably meant, or where to find the known ones.</summary>
    public static string Hint(string word, IEnumerable<string> known)
    {
        var (nearest, distance) = known.Where(candidate => candidate.Length > 0)
            .Select(candidate => (candidate, EditDistance.Between(word, candidate)))
            // A command may have no options at all.
            .DefaultIfEmpty(("", int.MaxValue))
            .MinBy(pair => pair.Item2);
        return distance <= Math.Max(2, word.Length / 2) ? $"; did you mean {nearest}? (--help shows all)" : "; --help shows what there is";
    }
}
