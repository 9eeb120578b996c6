using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Options;
using RiskMonitor.McpFrontend.Access;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.McpFrontend.Connections;

/// <summary>
/// Finds out which client a request comes from, and bounds the requests of one client of a trusted proxy, whose connections say nothing of their clients.
/// </summary>
internal sealed class RequestInFlightMiddleware(RequestDelegate next, TrustedProxies proxies, IOptions<ConnectionOptions> options)
{
    private readonly ConcurrentDictionary<string, int> _inFlight = new(StringComparer.Ordinal);

    public Task InvokeAsync(HttpContext context)
    {
        var client = proxies.ClientOf(context);
        context.Features.Set(new ClientAddress(client));
        return proxies.IsTrusted(context.Connection.RemoteIpAddress) ? CountedAsync(context, NetworkName.Of(client)) : next(context);
    }

    private async Task CountedAsync(HttpContext context, string client)
    {
        var most = options.Value.MostPerAddress;
        try
        {
            if (_inFlight.AddOrUpdate(client, 1, (_, count) => count + 1) > most)
            {
                throw new RequestException(
                    RequestError.RateLimited, string.Create(CultureInfo.InvariantCulture, $"{most} requests of this address are being answered already; wait for those first"));
            }

            await next(context);
        }
        finally
        {
            if (_inFlight.AddOrUpdate(client, 0, (_, count) => count - 1) == 0)
            {
                _inFlight.TryRemove(KeyValuePair.Create(client, 0));
            }
        }
    }
}
