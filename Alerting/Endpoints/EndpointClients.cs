using System.Net;
using System.Net.Sockets;

namespace RiskMonitor.Alerting.Endpoints;

/// <summary>The HTTP clients of endpoints. Those without certificates of their own share connections; an endpoint with certificates has its own.</summary>
internal sealed class EndpointClients(IHttpClientFactory clients, TargetAddresses targets)
{
    /// <summary>For endpoints of the configuration, which may have any address.</summary>
    internal const string HttpClientName = "RiskMonitor.Endpoints";

    /// <summary>For endpoints that were set at run time: the address is checked when it is dialled.</summary>
    internal const string CheckedHttpClientName = "RiskMonitor.Endpoints.Checked";

    /// <returns>Gives the client for an attempt. Certificates are read again when their files change.</returns>
    public Func<HttpClient> Of(EndpointOptions options, bool isConfigured)
    {
        if (!ClientCertificate.IsGiven(options))
        {
            var name = isConfigured ? HttpClientName : CheckedHttpClientName;
            return () => clients.CreateClient(name);
        }

        var changing = new Lock();
        var (stamp, client) = (0L, (HttpClient?)null);
        return () =>
        {
            lock (changing)
            {
                var now = ClientCertificate.StampOf(options);
                if (client is null || now != stamp)
                {
                    // The client before is left to attempts that are under way.
                    (stamp, client) = (now, Own(options, isConfigured));
                }

                return client;
            }
        };
    }

    /// <summary>A handler for messages: no redirects, no cookies, answers as they are.</summary>
    /// <param name="checkedTargets">Dials allowed addresses only; a proxy would dial instead of us, so none is used. Null: any address.</param>
    public static SocketsHttpHandler Handler(TargetAddresses? checkedTargets)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            // Follow a receiver that moves to another address.
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        };
        if (checkedTargets is { } targets)
        {
            handler.UseProxy = false;
            handler.ConnectCallback = async (context, cancellationToken) =>
                new NetworkStream(await targets.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellationToken), ownsSocket: true);
        }

        return handler;
    }

    private HttpClient Own(EndpointOptions options, bool isConfigured)
    {
        var handler = Handler(isConfigured ? null : targets);
        handler.SslOptions = ClientCertificate.Of(options)!;
        // Each endpoint has its own timeout.
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }
}
