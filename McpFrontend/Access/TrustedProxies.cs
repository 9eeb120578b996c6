using System.Net;
using Microsoft.Extensions.Options;

namespace RiskMonitor.McpFrontend.Access;

/// <summary>The proxies whose word about their clients' addresses is taken (<c>Access:TrustedProxies</c>).</summary>
internal sealed class TrustedProxies(IOptions<AccessOptions> options)
{
    private const string Header = "X-Forwarded-For";

    private readonly IPNetwork[] _networks = [.. options.Value.ProxyNames.Select(Parse).OfType<IPNetwork>()];

    /// <returns>Null where the text is neither an address nor a network.</returns>
    public static IPNetwork? Parse(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : null;

    public bool IsTrusted(IPAddress? address) => _networks.Length > 0 && address is not null && Array.Exists(_networks, network => network.Contains(Plain(address)));

    /// <summary>The newest address of <c>X-Forwarded-For</c> that no trusted proxy has: what stands before it was written by the client itself.</summary>
    /// <returns>The connection's address, unless it belongs to a trusted proxy that names its client.</returns>
    public IPAddress? ClientOf(HttpContext context)
    {
        var client = context.Connection.RemoteIpAddress is { } remote ? Plain(remote) : null;
        if (!IsTrusted(client))
        {
            return client;
        }

        foreach (var hop in context.Request.Headers[Header].SelectMany(value => (value ?? "").Split(',')).Reverse())
        {
            if (AddressIn(hop.Trim()) is not { } address)
            {
                break;
            }

            client = Plain(address);
            if (!IsTrusted(client))
            {
                break;
            }
        }

        return client;
    }

    /// <summary>Some proxies add the port.</summary>
    private static IPAddress? AddressIn(string hop) =>
        IPAddress.TryParse(hop, out var address) ? address
        : IPEndPoint.TryParse(hop, out var endPoint) ? endPoint.Address
        : null;

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
