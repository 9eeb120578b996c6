using System.Collections.Concurrent;
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

    /// <summary>A client sends the same header with every request. What others invent must not fill the memory.</summary>
    private const int MostKnown = 64;

    private const int MostKnownChars = 256;

    private static readonly ConcurrentDictionary<string, AcceptedForm> s_known = new(StringComparer.Ordinal);
    private static int s_knownCount;

    public static readonly AcceptedForm JsonOnly = new(Json: true, Stream: false, PrefersStream: false);

    /// <param name="accept">The header; where it is missing or cannot be read, everything is accepted.</param>
    public static AcceptedForm Of(StringValues accept)
    {
        if (accept is not [{ Length: <= MostKnownChars } text])
        {
            return Read(accept);
        }

        if (s_known.TryGetValue(text, out var known))
        {
            return known;
        }

        var read = Read(accept);
        if (s_knownCount < MostKnown && s_known.TryAdd(text, read))
        {
            Interlocked.Increment(ref s_knownCount);
        }

        return read;
    }

    private static AcceptedForm Read(StringValues accept)
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
