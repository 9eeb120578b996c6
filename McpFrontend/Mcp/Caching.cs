using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace RiskMonitor.McpFrontend.Mcp;

/// <summary>How long clients may keep an answer. None may be shared: all depend on who asks.</summary>
internal static class Caching
{
    /// <summary>For what only changes with a user's rights or a new version of this program.</summary>
    public static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    /// <summary>The first revision that knows these hints; older ones refuse unknown fields.</summary>
    private const string Revision = "2026-07-28";

    public static bool IsModern<TParams>(RequestContext<TParams> request) => IsModern(request.Server.NegotiatedProtocolVersion);

    /// <param name="revision">Null where the client has named none.</param>
    public static bool IsModern(string? revision) => string.CompareOrdinal(revision, Revision) >= 0;

    public static TResult Private<TResult, TParams>(TResult result, RequestContext<TParams> request, TimeSpan keep)
        where TResult : ICacheableResult
    {
        if (IsModern(request))
        {
            result.TimeToLive = keep;
            result.CacheScope = CacheScope.Private;
        }

        return result;
    }
}
