using System.Collections.Concurrent;

namespace RiskMonitor.McpFrontend.Metrics;

/// <summary>The values that one label of one instrument has had. Their number is bounded, and each is a short word.</summary>
internal sealed class LabelValues(ExportedLabel label)
{
    /// <summary>Stands for values that are not shown.</summary>
    public const string Other = "other";

    private const int MostChars = 48;

    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, string> _shown = new(label.Known.Select(value => KeyValuePair.Create(value, value)), StringComparer.Ordinal);

    public string Name => label.Name;

    public IReadOnlyList<string> Known => label.Known;

    /// <returns>False: <paramref name="shown"/> is <see cref="Other"/>, because the value is no short word or there are too many.</returns>
    public bool TryShow(object? value, out string shown)
    {
        var text = value?.ToString() ?? "";
        if (_shown.TryGetValue(text, out shown!))
        {
            return true;
        }

        lock (_lock)
        {
            if (IsWord(text) && _shown.Count < Math.Max(label.MostValues, label.Known.Length))
            {
                shown = _shown.GetOrAdd(text, text);
                return true;
            }
        }

        shown = Other;
        return false;
    }

    /// <summary>Letters, digits and what names of tools, methods and codes have beside them; the empty text stands for a tag that is missing.</summary>
    private static bool IsWord(string text) => text.Length <= MostChars && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-' or '/' or '.');
}
