using System.Text;

namespace Prometheus;

/// <summary>Names as the package makes them: lower case, everything but letters, digits and underscores an underscore.</summary>
internal static class PrometheusName
{
    internal static string From(string name)
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
