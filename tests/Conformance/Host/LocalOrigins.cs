using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace RiskMonitor.Conformance.Host;

/// <summary>Refuses what a web page of elsewhere sends to this machine: a host or an origin that is not the loopback.</summary>
internal static class LocalOrigins
{
    internal static IApplicationBuilder UseLocalOriginsOnly(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (IsLocal(context.Request.Host.Host) && context.Request.Headers.Origin.All(IsLocalOrigin))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    });

    private static bool IsLocalOrigin(string? origin) => Uri.TryCreate(origin, UriKind.Absolute, out var uri) && IsLocal(uri.Host);

    private static bool IsLocal(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
