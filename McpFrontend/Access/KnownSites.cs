using System.Net;
using Microsoft.Extensions.Options;

namespace RiskMonitor.McpFrontend.Access;

/// <summary>
/// By which names this server may be asked for, and whose pages may ask: a browser that a foreign page steers must not, neither by
/// <c>Origin</c> nor through a name of its own that leads here (DNS rebinding).
/// </summary>
internal sealed class KnownSites(IOptions<AccessOptions> options)
{
    private readonly HashSet<string> _hosts = new(options.Value.HostNames.Select(host => host.Trim('[', ']')), StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _origins = new(options.Value.Origins, StringComparer.OrdinalIgnoreCase);
    private readonly string? _publicHost = options.Value.PublicUrl is { Length: > 0 } url ? new Uri(url).Authority : null;
    private readonly bool _isPublicHttps = options.Value.PublicUrl.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <param name="host">Without its port.</param>
    /// <param name="local">The server's address that the client reached. No foreign name can stand for it where the address itself is asked for.</param>
    public bool IsHost(string host, IPAddress? local) =>
        IsLoopback(host)
        || _hosts.Contains(host.Trim('[', ']'))
        || (_publicHost is not null && string.Equals(new HostString(_publicHost).Host, host, StringComparison.OrdinalIgnoreCase))
        || (local is not null && IPAddress.TryParse(host.Trim('[', ']'), out var asked) && asked.Equals(local.IsIPv4MappedToIPv6 ? local.MapToIPv4() : local));

    /// <summary>Whether a client that asks by this name asks by https: at a proxy, which passes its requests on in plain HTTP.</summary>
    public bool IsHttps(HostString host) => _isPublicHttps && string.Equals(_publicHost, host.Value, StringComparison.OrdinalIgnoreCase);

    /// <param name="host">By which the request asks; a page of that server itself may.</param>
    public bool IsOrigin(string origin, HostString host) =>
        _origins.Contains(origin)
        || (Uri.TryCreate(origin, UriKind.Absolute, out var page)
            && (page.Scheme is "http" or "https")
            && (IsLoopback(page.Host) || IsSame(page, host.Value) || IsSame(page, _publicHost)));

    private static bool IsSame(Uri page, string? authority) => authority is not null && string.Equals(page.Authority, authority, StringComparison.OrdinalIgnoreCase);

    private static bool IsLoopback(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
