using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace RiskMonitor.McpFrontend.Mcp;

/// <summary>How long clients may keep a list, which depends on who asked for it.</summary>
internal static class Caching
{
    /// <summary>The first revision that knows these hints; older ones refuse unknown fields.</summary>
    private const string Revision = "2026-07-28";

    private static readonly TimeSpan s_keep = TimeSpan.FromMinutes(1);

    public static TResult Private<TResult, TParams>(TResult result, RequestContext<TParams> request)
        where TResult : ICacheableResult
    {
        if (string.CompareOrdinal(request.Server.NegotiatedProtocolVersion, Revision) >= 0)
        {
            result.TimeToLive = s_keep;
            result.CacheScope = CacheScope.Private;
        }

        return result;
    }
}
