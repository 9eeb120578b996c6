using System.Globalization;
using System.Text;

namespace RiskMonitor.UseCases.Asking.Reading.Unicode;

/// <summary>
/// Decomposes text into one of Unicode's normal forms, to compare by. <c>string.Normalize</c> returns its argument where the process runs without
/// culture data (InvariantGlobalization), as this product does.
/// </summary>
public static class UnicodeForms
{
    private const int HangulFirst = 0xAC00;
    private const int HangulLast = 0xD7A3;

    private static readonly Lazy<Tables> s_tables = new(Load);

    /// <summary>Normal form D: the same characters, however they were composed.</summary>
    public static string Canonical(string text) => Decompose(text, compatible: false);

    /// <summary>The decomposition of one character; itself where it has none.</summary>
    /// <param name="compatible">Also what only looks otherwise: full width, ligatures, circled digits (normal form KD).</param>
    public static void Append(StringBuilder text, Rune rune, bool compatible)
    {
        if (rune.IsAscii)
        {
            text.Append((char)rune.Value);
        }
        else if (rune.Value is >= HangulFirst and <= HangulLast)
        {
            var index = rune.Value - HangulFirst;
            text.Append((char)(0x1100 + (index / 588))).Append((char)(0x1161 + (index % 588 / 28)));
            if (index % 28 != 0)
            {
                text.Append((char)(0x11A7 + (index % 28)));
            }
        }
        else if ((compatible && s_tables.Value.Compatible.TryGetValue(rune.Value, out var form)) || s_tables.Value.Canonical.TryGetValue(rune.Value, out form))
        {
            text.Append(form);
        }
        else
        {
            text.Append(rune.ToString());
        }
    }

    /// <summary>The order of a combining mark among others; 0 for what is no mark.</summary>
    public static int ClassOf(Rune rune) => rune.Value < 0x300 ? 0 : s_tables.Value.Classes.GetValueOrDefault(rune.Value);

    private static string Decompose(string text, bool compatible)
    {
        if (text.All(char.IsAscii))
        {
            return text;
        }

        var decomposed = new StringBuilder(text.Length + 8);
        foreach (var rune in text.EnumerateRunes())
        {
            Append(decomposed, rune, compatible);
        }

        return Ordered(decomposed.ToString());
    }

    /// <summary>Marks on one character in their canonical order.</summary>
    private static string Ordered(string text)
    {
        var runes = text.EnumerateRunes().ToList();
        for (var first = 0; first < runes.Count; first++)
        {
            if (ClassOf(runes[first]) == 0)
            {
                continue;
            }

            var end = first;
            while (end < runes.Count && ClassOf(runes[end]) != 0)
            {
                end++;
            }

            // A stable sort: marks of one class stay in their order.
            var marks = runes.GetRange(first, end - first).OrderBy(ClassOf).ToList();
            for (var i = 0; i < marks.Count; i++)
            {
                runes[first + i] = marks[i];
            }

            first = end;
        }

        return string.Concat(runes);
    }

    private static Tables Load()
    {
        using var stream = typeof(UnicodeForms).Assembly.GetManifestResourceStream("decompositions.txt") ?? throw new InvalidOperationException("decompositions.txt is not in the assembly");
        using var reader = new StreamReader(stream);
        var (canonical, compatible, classes) = (new Dictionary<int, string>(), new Dictionary<int, string>(), new Dictionary<int, int>());
        while (reader.ReadLine() is { } line)
        {
            var parts = line.Split(' ');
            switch (parts[0])
            {
                case "C":
                    canonical[Hex(parts[1])] = string.Concat(parts.Skip(2).Select(part => char.ConvertFromUtf32(Hex(part))));
                    break;
                case "K":
                    compatible[Hex(parts[1])] = string.Concat(parts.Skip(2).Select(part => char.ConvertFromUtf32(Hex(part))));
                    break;
                case "M":
                    for (var value = Hex(parts[1]); value <= Hex(parts[2]); value++)
                    {
                        classes[value] = int.Parse(parts[3], CultureInfo.InvariantCulture);
                    }

                    break;
            }
        }

        return new Tables(canonical, compatible, classes);
    }

    private static int Hex(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private sealed record Tables(Dictionary<int, string> Canonical, Dictionary<int, string> Compatible, Dictionary<int, int> Classes);
}
