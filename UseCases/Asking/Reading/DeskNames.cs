using System.Text.RegularExpressions;
using RiskMonitor.UseCases.Asking.Reading.Unicode;
using RiskMonitor.UseCases.Inputs;

namespace RiskMonitor.UseCases.Asking.Reading;

/// <summary>
/// The names of the desks that a caller may see, indexed so that the time to find them in a question depends on the length of the question and not on the number of desks.
/// </summary>
public sealed class DeskNames
{
    /// <summary>A part of a name that more desks share is not used, because it does not identify any of them.</summary>
    public const int MostByPart = 6;

    public const int MostWordsOfName = 8;

    /// <summary>The greatest number of candidates for one part of a name; a part that more names share gives no useful guess.</summary>
    private const int MostCandidates = 2_000;

    private const int MostKept = 8;

    private static readonly Lock s_lock = new();
    private static readonly List<DeskNames> s_kept = [];

    private readonly IReadOnlyList<string> _desks;
    private readonly Dictionary<string, List<FoldedName>> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<int, int[]> _lengths;
    private readonly Lazy<Dictionary<string, List<FoldedName>>> _byBeginning;
    private readonly Lazy<Dictionary<string, List<FoldedName>>> _byWord;

    /// <summary>Lazy, because only the search for typing errors needs it.</summary>
    private readonly Lazy<Dictionary<(int Length, int Part, string Text), List<FoldedName>>> _byThird;

    private DeskNames(IReadOnlyList<string> desks)
    {
        _desks = desks;
        var lengths = new Dictionary<int, SortedSet<int>>();
        foreach (var name in desks.Select(desk => new FoldedName(desk)).Where(name => name.Folded.Length > 0))
        {
            Add(_byName, name.Folded, name);
            if (!lengths.TryGetValue(Start(name.Folded, 0), out var known))
            {
                lengths[Start(name.Folded, 0)] = known = [];
            }

            known.Add(name.Folded.Length);
        }

        var names = _byName.Values.SelectMany(same => same);
        _byBeginning = new(() => Indexed(names, name => Enumerable.Range(2, Math.Max(0, Math.Min(name.Words.Length - 1, MostWordsOfName) - 1)).Select(count => string.Join(' ', name.Words[..count])), StringComparer.Ordinal));
        _byWord = new(() => Indexed(names, name => name.Words.Distinct(StringComparer.Ordinal), StringComparer.Ordinal));
        _byThird = new(() => Indexed(names, name => Enumerable.Range(0, 3).Select(part =>
        {
            var (at, length) = Third(name.Folded.Length, part);
            return (name.Folded.Length, part, name.Folded.Substring(at, length));
        }), null));
        _lengths = lengths.ToDictionary(entry => entry.Key, entry => entry.Value.Reverse().ToArray());
    }

    /// <summary>The index of these desks; it is cached until the list changes.</summary>
    public static DeskNames Of(IReadOnlyList<string> desks)
    {
        lock (s_lock)
        {
            if (s_kept.FirstOrDefault(kept => kept._desks.Count == desks.Count && kept._desks.SequenceEqual(desks, StringComparer.Ordinal)) is { } known)
            {
                return known;
            }
        }

        var made = new DeskNames([.. desks]);
        lock (s_lock)
        {
            s_kept.Insert(0, made);
            s_kept.RemoveRange(Math.Min(s_kept.Count, MostKept), Math.Max(0, s_kept.Count - MostKept));
        }

        return made;
    }

    public IReadOnlyList<string> Desks => _desks;

    /// <summary>Finds whole names in a text, the longest first, without those inside a longer one.</summary>
    public IReadOnlyList<(int At, int Length)> In(FoldedText text)
    {
        var rest = text.Rest;
        var found = new List<(int At, int Length)>();
        for (var at = 0; at < rest.Length; at++)
        {
            if (at > 0 && !text.StandsAlone(at, rest.Length - at))
            {
                continue;
            }

            foreach (var length in _lengths.GetValueOrDefault(Start(rest, at)) ?? [])
            {
                if (at + length <= rest.Length && text.StandsAlone(at, length) && _byName.ContainsKey(rest.Substring(at, length)))
                {
                    found.Add((at, length));
                }
            }
        }

        var taken = new bool[rest.Length];
        var longest = new List<(int At, int Length)>();
        foreach (var (at, length) in found.OrderByDescending(match => match.Length).ThenBy(match => match.At))
        {
            if (!taken.AsSpan(at, length).Contains(true))
            {
                taken.AsSpan(at, length).Fill(true);
                longest.Add((at, length));
            }
        }

        return longest;
    }

    /// <summary>
    /// The desks that a written name means: the exact one; otherwise those that differ in Unicode composition only; otherwise those that differ in
    /// width; otherwise those that differ in case, too.
    /// </summary>
    public IReadOnlyList<string> Named(string folded, string written)
    {
        var same = _byName.GetValueOrDefault(folded)?.Select(name => name.Desk).ToList() ?? [];
        var canonical = UnicodeForms.Canonical(written);
        return same.Where(desk => desk == written).ToList() is { Count: > 0 } exact ? exact
            : same.Where(desk => UnicodeForms.Canonical(desk) == canonical).ToList() is { Count: > 0 } composed ? composed
            : same;
    }

    /// <summary>The desk with exactly the quoted name, whatever its Unicode composition.</summary>
    public IReadOnlyList<string> Quoted(string written)
    {
        var canonical = UnicodeForms.Canonical(written);
        var same = _byName.GetValueOrDefault(FoldedText.Fold(written))?.Select(name => name.Desk).ToList() ?? [];
        return same.Contains(written, StringComparer.Ordinal) ? [written] : [.. same.Where(desk => UnicodeForms.Canonical(desk) == canonical)];
    }

    /// <summary>Desks whose names begin with these words and have more.</summary>
    public IReadOnlyList<string> Beginning(string words) => [.. (_byBeginning.Value.GetValueOrDefault(words) ?? []).Select(name => name.Desk)];

    /// <summary>Desks whose names have these words in this order; none where too many have.</summary>
    public IReadOnlyList<string> WithPart(string phrase)
    {
        var rarest = phrase.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => _byWord.Value.GetValueOrDefault(word)).MinBy(names => names?.Count ?? 0);
        if (rarest is null || rarest.Count > MostCandidates)
        {
            return [];
        }

        var found = rarest.Where(name => name.Spaced.Contains($" {phrase} ", StringComparison.Ordinal)).Take(MostByPart + 1).Select(name => name.Desk).ToList();
        return found.Count > MostByPart ? [] : found;
    }

    /// <summary>Desks whose names differ by few typing errors: one in four letters, two in eight. The nearest only.</summary>
    public IReadOnlyList<string> Near(string phrase)
    {
        var most = phrase.Length >= 8 ? 2 : phrase.Length >= 4 ? 1 : 0;
        if (most == 0)
        {
            return [];
        }

        // Two errors leave one third of a name unchanged, at most two characters from its place, so search by thirds.
        var candidates = new HashSet<FoldedName>();
        for (var length = phrase.Length - most; length <= phrase.Length + most; length++)
        {
            for (var part = 0; part < 3; part++)
            {
                var (at, size) = Third(length, part);
                for (var moved = Math.Max(0, at - most); moved <= at + most && moved + size <= phrase.Length; moved++)
                {
                    if (_byThird.Value.TryGetValue((length, part, phrase.Substring(moved, size)), out var names) && candidates.Count + names.Count <= MostCandidates)
                    {
                        candidates.UnionWith(names);
                    }
                }
            }
        }

        var near = candidates
            .Select(name => (name.Desk, Distance: EditDistance.Typing(phrase, name.Folded, most)))
            .Where(name => name.Distance <= most)
            .OrderBy(name => name.Desk, StringComparer.Ordinal)
            .ToList();
        return near.Count == 0 ? [] : [.. near.Where(name => name.Distance == near.Min(other => other.Distance)).Select(name => name.Desk)];
    }

    private static (int At, int Length) Third(int length, int part)
    {
        var size = length / 3;
        return part == 2 ? (2 * size, length - (2 * size)) : (part * size, size);
    }

    private static int Start(string text, int at) => (text[at] << 16) | (at + 1 < text.Length ? text[at + 1] : 0);

    private static Dictionary<TKey, List<FoldedName>> Indexed<TKey>(IEnumerable<FoldedName> names, Func<FoldedName, IEnumerable<TKey>> keys, IEqualityComparer<TKey>? comparer)
        where TKey : notnull
    {
        var index = new Dictionary<TKey, List<FoldedName>>(comparer);
        foreach (var name in names)
        {
            foreach (var key in keys(name))
            {
                Add(index, key, name);
            }
        }

        return index;
    }

    private static void Add<TKey>(Dictionary<TKey, List<FoldedName>> index, TKey key, FoldedName name)
        where TKey : notnull
    {
        if (!index.TryGetValue(key, out var names))
        {
            index[key] = names = [];
        }

        names.Add(name);
    }
}

/// <summary>A desk's name, to compare by.</summary>
public sealed partial class FoldedName(string desk)
{
    public string Desk { get; } = desk;

    public string Folded { get; } = FoldedText.Fold(desk);

    public string[] Words => field ??= [.. BetweenWords().Split(Folded).Where(word => word.Length > 0)];

    /// <summary>Its words, each with a space on both sides.</summary>
    public string Spaced => field ??= $" {string.Join(' ', Words)} ";

    [GeneratedRegex(@"[^\p{L}\p{M}\p{N}]+")]
    private static partial Regex BetweenWords();
}
