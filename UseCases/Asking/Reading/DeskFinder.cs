using System.Text.RegularExpressions;

namespace RiskMonitor.UseCases.Asking.Reading;

/// <summary>
/// Finds desks by name in a question: whole names, the longest first; then translated names, parts of names, and names with typing errors, each of
/// which is reported as a guess. The words of a name never select a topic.
/// </summary>
public static partial class DeskFinder
{
    /// <summary>The greatest number of unknown words for which a guess is made, because each costs a search.</summary>
    private const int MostGuessed = 24;

    private static readonly (string Chinese, string English)[] s_glossary =
    [
        ("外汇", "fx"), ("期权", "options"), ("期货", "futures"), ("利率", "rates"), ("信用", "credit"), ("信贷", "credit"), ("股票", "equity"), ("权益", "equity"),
        ("大宗商品", "commodities"), ("商品", "commodities"), ("债券", "bonds"), ("指数", "index"), ("新兴市场", "emerging markets"), ("欧洲", "euro"), ("美国", "us"),
        ("亚洲", "asia"), ("互换", "swaps"), ("掉期", "swaps"), ("远期", "forwards"), ("现货", "spot"), ("衍生品", "derivatives"), ("能源", "energy"), ("金属", "metals"),
        ("自营", "prop"), ("做市", "market making"), ("单一", "single"), ("个股", "single stock"), ("宏观", "macro"), ("波动率", "volatility"),
    ];

    /// <summary>Finds names in the question and strikes them out.</summary>
    /// <param name="isName">Whether characters that spell a name mean the desk; "May" may be a month.</param>
    public static FoundDesks In(FoldedText text, string question, DeskNames names, Func<int, int, bool> isName)
    {
        var found = new List<(int At, string Desk)>();
        var guesses = new List<string>();
        var unknown = Quoted(text, question, names, found);
        foreach (var (at, length) in names.In(text).Where(match => isName(match.At, match.Length)))
        {
            var desks = names.Named(text.Rest.Substring(at, length), text.Written(at, length));
            found.AddRange(desks.Select(desk => (at, desk)));
            if (desks.Count > 1)
            {
                guesses.Add($"'{text.Written(at, length)}' may be {Named(desks)}: quote the one that is meant");
            }

            text.Strike(at, length, FoldedText.Desk);
        }

        Beginnings(text, names, found, guesses);
        if (found.Count == 0 && unknown is null)
        {
            Translated(text, names, found, guesses);
        }

        return new FoundDesks([.. found.OrderBy(entry => entry.At)], guesses, unknown);
    }

    /// <summary>Guesses desks from unknown words: parts of names, and names with few typing errors. Strikes out the words that it uses.</summary>
    /// <param name="words">The unknown words of the question with their positions.</param>
    public static FoundDesks Near(FoldedText text, IReadOnlyList<(int At, string Word)> words, DeskNames names)
    {
        var found = new List<(int At, string Desk)>();
        var guesses = new List<string>();
        var unexplained = new List<string>();
        for (var first = 0; first < words.Count;)
        {
            var taken = 1;
            (IReadOnlyList<string> desks, var guess) = ([], "");
            for (var count = Math.Min(words.Count - first, DeskNames.MostWordsOfName); first < MostGuessed && count >= 1 && desks.Count == 0; count--)
            {
                (desks, guess) = Guess(string.Join(' ', words.Skip(first).Take(count).Select(word => word.Word)), names);
                taken = count;
            }

            if (desks.Count == 0)
            {
                unexplained.Add(words[first].Word);
                first++;
                continue;
            }

            found.AddRange(desks.Select(desk => (words[first].At, desk)));
            guesses.Add(guess);
            foreach (var (at, word) in words.Skip(first).Take(taken))
            {
                text.Strike(at, word.Length, FoldedText.Desk);
            }

            first += taken;
        }

        return new FoundDesks(found, guesses, unexplained.Count == 0 ? null : string.Join(' ', unexplained));
    }

    private static (IReadOnlyList<string> Desks, string Guess) Guess(string phrase, DeskNames names)
    {
        if (names.WithPart(phrase) is { Count: > 0 } byPart)
        {
            return (byPart, $"'{phrase}' is part of {Named(byPart)}");
        }

        return names.Near(phrase) is { Count: > 0 } near ? (near, $"'{phrase}' was taken for {Named(near)}") : ([], "");
    }

    /// <returns>A quoted text that is not the name of a desk; null if there is none.</returns>
    private static string? Quoted(FoldedText text, string question, DeskNames names, List<(int At, string Desk)> found)
    {
        string? unknown = null;
        foreach (Match quoted in Quotes().Matches(question))
        {
            var name = quoted.Groups["name"].Value;
            var folded = FoldedText.Fold(name);
            var at = folded.Length == 0 ? -1 : text.Rest.IndexOf(folded, StringComparison.Ordinal);
            if (at >= 0)
            {
                text.Strike(at, folded.Length, FoldedText.Desk);
            }

            var desks = names.Quoted(name);
            found.AddRange(desks.Select(desk => (at, desk)));
            unknown ??= desks.Count == 0 ? name : null;
        }

        return unknown;
    }

    /// <summary>
    /// Finds names of which at least the first two words are in the question, even if these words have another meaning: "Delta One" for "Delta One/Futures".
    /// </summary>
    private static void Beginnings(FoldedText text, DeskNames names, List<(int At, string Desk)> found, List<string> guesses)
    {
        var words = WordsAlone().Matches(text.Rest).Select(match => (match.Index, match.Length)).ToList();
        for (var count = DeskNames.MostWordsOfName; count >= 2; count--)
        {
            for (var first = 0; first + count <= words.Count; first++)
            {
                var (at, end) = (words[first].Index, words[first + count - 1].Index + words[first + count - 1].Length);
                var phrase = text.Rest[at..end];
                if (names.Beginning(phrase) is { Count: > 0 and <= DeskNames.MostByPart } desks && text.StandsAlone(at, end - at))
                {
                    found.AddRange(desks.Select(desk => (at, desk)));
                    guesses.Add($"'{phrase}' is part of {Named(desks)}");
                    text.Strike(at, end - at, FoldedText.Desk);
                }
            }
        }
    }

    private static void Translated(FoldedText text, DeskNames names, List<(int At, string Desk)> found, List<string> guesses)
    {
        foreach (Match phrase in ChineseName().Matches(text.Rest))
        {
            var english = phrase.Value;
            foreach (var (chinese, word) in s_glossary)
            {
                english = english.Replace(chinese, $" {word} ", StringComparison.Ordinal);
            }

            english = FoldedText.Fold(english).Trim();
            if (english == phrase.Value.Trim())
            {
                continue;
            }

            var matches = names.Named(english, english);
            var desks = matches.Count > 0 ? matches : Guess(english, names).Desks;
            if (desks.Count > 0)
            {
                found.AddRange(desks.Select(desk => (phrase.Index, desk)));
                guesses.Add($"'{phrase.Value.Trim()}' was taken for {Named(desks)}");
                text.Strike(phrase.Index, phrase.Length, FoldedText.Desk);
            }
        }
    }

    private static string Named(IEnumerable<string> desks) => string.Join(", ", desks.Select(desk => $"'{desk}'"));

    [GeneratedRegex("\"(?<name>[^\"]{1,200})\"|\u201C(?<name>[^\u201D]{1,200})\u201D|\u300C(?<name>[^\u300D]{1,200})\u300D|\u300A(?<name>[^\u300B]{1,200})\u300B|(?<![\\p{L}\\d])['\u2018](?<name>[^'\u2019]{1,200})['\u2019](?![\\p{L}\\d])")]
    private static partial Regex Quotes();

    /// <summary>A run of words that can be translated, with Latin words between them.</summary>
    [GeneratedRegex(@"(?<![a-z0-9])(?>[a-z0-9]+ ?)*(?:(?:外汇|期权|期货|利率|信用|信贷|股票|权益|大宗商品|商品|债券|指数|新兴市场|欧洲|美国|亚洲|互换|掉期|远期|现货|衍生品|能源|金属|自营|做市|单一|个股|宏观|波动率) ?(?>[a-z0-9]+ ?)*)+")]
    private static partial Regex ChineseName();

    /// <summary>Words of a name, between other characters.</summary>
    [GeneratedRegex(@"(?:(?![\uE000-\uE001])[\p{L}\p{M}\p{N}])+")]
    private static partial Regex WordsAlone();
}

/// <summary>The desks that a question names.</summary>
/// <param name="Mentions">Each desk with its position in the folded question.</param>
/// <param name="Guesses">A sentence for each guess.</param>
/// <param name="Unknown">Text that is used as a name and is not one; null if there is none.</param>
public sealed record FoundDesks(IReadOnlyList<(int At, string Desk)> Mentions, IReadOnlyList<string> Guesses, string? Unknown);
