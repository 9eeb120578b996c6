using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using RiskMonitor.McpFrontend.Http;

namespace RiskMonitor.McpFrontend.Mcp;

/// <summary>
/// The forms of answer that a client accepts. Streamable HTTP asks clients to accept both; many accept one, anything, or say nothing. A stream is sent to
/// clients that name it and do not like JSON better; all others get JSON.
/// </summary>
internal readonly record struct AcceptedForm(bool Json, bool Stream, bool PrefersStream)
{
    public const string StreamType = "text/event-stream";

    public static readonly AcceptedForm JsonOnly = new(Json: true, Stream: false, PrefersStream: false);

    /// <param name="accept">The header; where it is missing or cannot be read, everything is accepted.</param>
    public static AcceptedForm Of(StringValues accept)
    {
        if (!MediaTypeHeaderValue.TryParseList(accept.ToArray()!, out var ranges) || ranges.Count == 0)
        {
            return new AcceptedForm(Json: true, Stream: true, PrefersStream: false);
        }

        var json = Quality(ranges, MediaType.Json);
        var stream = Quality(ranges, StreamType);
        var namesStream = ranges.Any(range => range.MediaType.StartsWith("text/", StringComparison.OrdinalIgnoreCase) && IsIn(range, StreamType));
        return new AcceptedForm(json > 0, stream > 0, stream > 0 && (json <= 0 || (namesStream && stream >= json)));
    }

    /// <summary>The most exact range that fits decides (RFC 9110, 12.5.1).</summary>
    private static double Quality(IEnumerable<MediaTypeHeaderValue> ranges, string type) => ranges
        .Where(range => IsIn(range, type))
        .OrderByDescending(range => range.MatchesAllTypes ? 0 : range.MatchesAllSubTypes ? 1 : 2)
        .Select(range => range.Quality ?? 1)
        .FirstOrDefault();

    private static bool IsIn(MediaTypeHeaderValue range, string type) =>
        range.MatchesAllTypes
        || (range.MatchesAllSubTypes && type.StartsWith($"{range.Type}/", StringComparison.OrdinalIgnoreCase))
        || range.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase);
}
