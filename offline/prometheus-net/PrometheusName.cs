using System.Collections.Concurrent;
using System.Text;

namespace Prometheus;

/// <summary>Names as the package makes them: lower case, everything but letters, digits and underscores an underscore.</summary>
internal static class PrometheusName
{
    // Instruments and tags are few and are measured all the time.
    private static readonly ConcurrentDictionary<string, string> s_known = new(StringComparer.Ordinal);

    internal static string From(string name) => s_known.GetOrAdd(name, Make);

    private static string Make(string name)
    {
        var result = new StringBuilder(name.Length + 1);
        foreach (var character in name.Select(char.ToLowerInvariant))
        {
            if (result.Length == 0 && char.IsAsciiDigit(character))
            {
                result.Append('_');
            }

            result.Append(char.IsAsciiLetterOrDigit(character) ? character : '_');
        }

        return result.ToString();
    }
}
