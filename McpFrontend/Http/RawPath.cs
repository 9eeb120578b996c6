using Microsoft.AspNetCore.Http.Features;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.McpFrontend.Http;

/// <summary>
/// Reads a name out of the path as it was sent. The server decodes every escape but <c>%2F</c>, so that its own path no longer distinguishes
/// <c>50%2F</c> from <c>50/</c>; desk names contain both.
/// </summary>
internal static class RawPath
{
    /// <summary>The whole path, as it was sent; of <c>http://desk.example/health?x=1</c>, the form that proxies send, it is <c>/health</c>.</summary>
    public static string Of(HttpContext context)
    {
        var raw = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        var query = raw.IndexOf('?', StringComparison.Ordinal);
        var target = query < 0 ? raw : raw[..query];
        if (target.StartsWith('/') || target.IndexOf("://", StringComparison.Ordinal) is var scheme && scheme < 0)
        {
            return target;
        }

        var path = target.IndexOf('/', scheme + 3);
        return path < 0 ? "/" : target[path..];
    }

    /// <param name="value">The route parameter.</param>
    /// <param name="fromEnd">The segment's place, 1 being the last of the path.</param>
    /// <exception cref="RequestException">The path was written in a way that hides the name.</exception>
    public static string Segment(HttpContext context, string value, int fromEnd)
    {
        var segments = Of(context).TrimEnd('/').Split('/');
        var segment = fromEnd <= segments.Length ? segments[^fromEnd] : "";
        var routed = context.Request.RouteValues[value] as string ?? "";

        // What the server made of the path must be the segment found here; dot segments, for one, move it.
        var asServed = Uri.UnescapeDataString(segment.Replace("%2F", "%252F", StringComparison.OrdinalIgnoreCase));
        return string.Equals(asServed, routed, StringComparison.OrdinalIgnoreCase)
            ? Uri.UnescapeDataString(segment)
            : throw RequestException.Invalid(value, $"cannot be read from this path; ask with ?{value}= instead");
    }
}
