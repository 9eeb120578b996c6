using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Protocol;

namespace RiskMonitor.Conformance.Host;

/// <summary>Says of everything that clients may keep how long and for whom (SEP-2549): the fixtures never change and are the same for all.</summary>
internal static class CacheHints
{
    private static readonly TimeSpan TimeToLive = TimeSpan.FromMinutes(5);

    internal static IMcpServerBuilder WithCacheHints(this IMcpServerBuilder builder) => builder.WithRequestFilters(filters => filters
        .AddListToolsFilter(next => async (request, cancellationToken) => Hinted(await next(request, cancellationToken)))
        .AddListPromptsFilter(next => async (request, cancellationToken) => Hinted(await next(request, cancellationToken)))
        .AddListResourcesFilter(next => async (request, cancellationToken) => Hinted(await next(request, cancellationToken)))
        .AddListResourceTemplatesFilter(next => async (request, cancellationToken) => Hinted(await next(request, cancellationToken)))
        .AddReadResourceFilter(next => async (request, cancellationToken) => Hinted(await next(request, cancellationToken))));

    private static T Hinted<T>(T result)
        where T : ICacheableResult
    {
        result.TimeToLive = TimeToLive;
        result.CacheScope = CacheScope.Public;
        return result;
    }
}
