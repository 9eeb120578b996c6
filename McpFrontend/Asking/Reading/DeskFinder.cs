using System.Text.RegularExpressions;

namespace RiskMonitor.McpFrontend.Asking.Reading;

/// <summary>
/// Finds desks by name in a question: whole names, the longest first; then names in Chinese words, parts of names, and names with typing errors,
/// each of which is told as a guess. A name is never read for what its words mean.
/// </summary>
internal static partial class DeskFinder
{
    /// <summary>A part of a name that more desks have than this names none of them.</summary>
    private const int MostByPart = 6;

    /// <summary>Words of which a guess is made; a question has few that are no words of questions.</summary>
    private const int MostGuessed = 24;
    private const int MostWordsOfName = 8;

    private static readonly (string Chinese, string English)[] s_glossary =
    [
        ("外汇", "fx"), ("期权", "options"), ("期货", "futures"), ("利率", "rates"), ("信用", "credit"), ("信贷", "credit"), ("股票", "equity"), ("权益", "equity"),
        ("大宗商品", "commodities"), ("商品", "commodities"), ("债券", "bonds"), ("指数", "index"), ("新兴市场", "emerging markets"), ("欧洲", "euro"), ("美国", "us"),
        ("亚洲", "asia"), ("互换", "swaps"), ("掉期", "swaps"), ("远期", "forwards"), ("现货", "spot"), ("衍生品", "derivatives"), ("能源", "energy"), ("金属", "metals"),
        ("自营", "prop"), ("做市", "market making"), ("单一", "single"), ("个股", "single stock"), ("宏观", "macro"), ("波动率", "volatility"),
    ];

    public static FoundDesks In(FoldedText text, string original, IReadOnlyList<string> desks)
    {
        var found = new List<(int At, string Desk)>();
        var guesses = new List<string>();
        var folded = desks.Select(desk => new FoldedName(desk)).Where(desk => desk.Folded.Length > 0)
            .OrderByDescending(desk => desk.Folded.Length).ThenBy(desk => desk.Desk, StringComparer.Ordinal).ToList();
        var unknown = Quoted(text, original, desks, found);
        foreach (var same in folded.GroupBy(desk => desk.Folded))
        {
            // Names that differ in case or width only: the one that is written like it, else all.
            var exact = same.Where(desk => original.Contains(desk.Desk, StringComparison.Ordinal)).ToList();
            for (var at = text.Find(same.Key); at >= 0; at = text.Find(same.Key))
            {
                found.AddRange((exact.Count > 0 ? exact : [.. same]).Select(desk => (at, desk.Desk)));
                text.Strike(at, same.Key.Length);
            }
        }

        Beginnings(text, folded, found, guesses);
        if (found.Count == 0 && unknown is null)
        {
            Translated(text, folded, found, guesses);
        }

        return new FoundDesks([.. found.OrderBy(entry => entry.At).Select(entry => entry.Desk).Distinct()], guesses, unknown);
    }

    /// <summary>Guesses by words that mean nothing else: parts of names, and names with few typing errors.</summary>
    /// <param name="words">What is left of the question, as it stands there.</param>
    public static FoundDesks Near(IReadOnlyList<string> words, IReadOnlyList<string> desks)
    {
        var names = desks.Select(desk => new FoldedName(desk)).ToList();
        var found = new List<string>();
        var guesses = new List<string>();
        var unexplained = new List<string>();
        for (var first = 0; first < words.Count;)
        {
            var (taken, matches, guess) = (1, new List<string>(), "");
            for (var count = Math.Min(words.Count - first, MostWordsOfName); first < MostGuessed && count >= 1 && matches.Count == 0; count--)
            {
                (matches, guess) = Guess(string.Join(' ', words.Skip(first).Take(count)), names);
                taken = count;
            }

            if (matches.Count == 0)
            {
                unexplained.Add(words[first]);
                first++;
                continue;
            }

            found.AddRange(matches);
            guesses.Add(guess);
            first += taken;
        }

        return new FoundDesks([.. found.Distinct()], guesses, unexplained.Count == 0 ? null : string.Join(' ', unexplained));
    }

    private static (List<string> Desks, string Guess) Guess(string phrase, IReadOnlyList<FoldedName> names)
    {
        var byPart = names.Where(name => name.Words.Contains($" {phrase} ", StringComparison.Ordinal)).Select(name => name.Desk).ToList();
        if (byPart.Count is > 0 and <= MostByPart)
        {
            return (byPart, $"'{phrase}' is part of {Named(byPart)}");
        }

        // One typing error in four letters, two in eight.
        var most = phrase.Length >= 8 ? 2 : phrase.Length >= 4 ? 1 : 0;
        var near = most == 0 ? [] : names
            .Where(name => Math.Abs(name.Folded.Length - phrase.Length) <= most)
            .Select(name => (name.Desk, Distance: Distance(phrase, name.Folded)))
            .Where(name => name.Distance <= most)
            .ToList();
        if (near.Count == 0)
        {
            return ([], "");
        }

        var nearest = near.Where(name => name.Distance == near.Min(other => other.Distance)).Select(name => name.Desk).ToList();
        return (nearest, $"'{phrase}' was taken for {Named(nearest)}");
    }

    /// <summary>Two letters in the wrong order are one error.</summary>
    private static int Distance(string a, string b)
    {
        if (a.Length == b.Length)
        {
            var differing = Enumerable.Range(0, a.Length).Where(i => a[i] != b[i]).ToList();
            if (differing is [var first, var second] && second == first + 1 && a[first] == b[second] && a[second] == b[first])
            {
                return 1;
            }
        }

        return EditDistance.Between(a, b);
    }

    /// <summary>What is quoted is a name, and exactly that.</summary>
    /// <returns>A quoted text that is no desk's name.</returns>
    private static string? Quoted(FoldedText text, string original, IReadOnlyList<string> desks, List<(int At, string Desk)> found)
    {
        string? unknown = null;
        foreach (Match quoted in Quotes().Matches(original))
        {
            var name = quoted.Groups["name"].Value;
            var at = text.Rest.IndexOf(FoldedText.Fold(name), StringComparison.Ordinal);
            if (at >= 0 && FoldedText.Fold(name).Length > 0)
            {
                text.Strike(at, FoldedText.Fold(name).Length);
            }

            if (desks.Contains(name, StringComparer.Ordinal))
            {
                found.Add((at, name));
            }
            else
            {
                unknown ??= name;
            }
        }

        return unknown;
    }

    /// <summary>
    /// Names of which at least the first two words stand in the question, whatever else these words mean: "Delta One" for "Delta One/Futures".
    /// </summary>
    private static void Beginnings(FoldedText text, List<FoldedName> folded, List<(int At, string Desk)> found, List<string> guesses)
    {
        for (var count = MostWordsOfName; count >= 2; count--)
        {
            foreach (var same in folded.Where(name => name.Count > count).GroupBy(name => name.Beginning(count)))
            {
                if (text.Find(same.Key) is var at and >= 0 && same.Count() <= MostByPart)
                {
                    found.AddRange(same.Select(name => (at, name.Desk)));
                    guesses.Add($"'{same.Key}' is part of {Named(same.Select(name => name.Desk))}");
                    text.Strike(at, same.Key.Length);
                }
            }
        }
    }

    private static void Translated(FoldedText text, List<FoldedName> folded, List<(int At, string Desk)> found, List<string> guesses)
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

            var matches = folded.Where(desk => desk.Folded == english).Select(desk => desk.Desk).ToList();
            var guess = matches.Count > 0 ? (Desks: matches, Guess: "") : Guess(english, folded);
            if (guess.Desks.Count > 0)
            {
                found.AddRange(guess.Desks.Select(desk => (phrase.Index, desk)));
                guesses.Add($"'{phrase.Value.Trim()}' was taken for {Named(guess.Desks)}");
                text.Strike(phrase.Index, phrase.Length);
            }
        }
    }

    private static string Named(IEnumerable<string> desks) => string.Join(", ", desks.Select(desk => $"'{desk}'"));

    [GeneratedRegex("\"(?<name>[^\"]{1,200})\"|\u201C(?<name>[^\u201D]{1,200})\u201D|\u300C(?<name>[^\u300D]{1,200})\u300D|\u300A(?<name>[^\u300B]{1,200})\u300B|(?<![\\p{L}\\d])['\u2018](?<name>[^'\u2019]{1,200})['\u2019](?![\\p{L}\\d])")]
    private static partial Regex Quotes();

    /// <summary>A run of words that can be translated, with Latin words between them.</summary>
    [GeneratedRegex(@"(?<![a-z0-9])(?>[a-z0-9]+ ?)*(?:(?:外汇|期权|期货|利率|信用|信贷|股票|权益|大宗商品|商品|债券|指数|新兴市场|欧洲|美国|亚洲|互换|掉期|远期|现货|衍生品|能源|金属|自营|做市|单一|个股|宏观|波动率) ?(?>[a-z0-9]+ ?)*)+")]
    private static partial Regex ChineseName();

    [GeneratedRegex(@"[^\p{L}\p{N}]+")]
    private static partial Regex BetweenWords();

    /// <summary>A desk's name, to compare by.</summary>
    private sealed class FoldedName(string desk)
    {
        public string Desk { get; } = desk;

        public string Folded { get; } = FoldedText.Fold(desk);

        /// <summary>Its words, each with a space on both sides.</summary>
        public string Words { get; } = $" {BetweenWords().Replace(FoldedText.Fold(desk), " ").Trim()} ";

        public int Count => Words.Count(character => character == ' ') - 1;

        public string Beginning(int words) => string.Join(' ', Words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(words));
    }
}

/// <summary>Desks that a question names.</summary>
/// <param name="Guesses">How they were guessed.</param>
/// <param name="Unknown">What is meant for a name, and is none.</param>
internal sealed record FoundDesks(IReadOnlyList<string> Desks, IReadOnlyList<string> Guesses, string? Unknown);
