using System.Net;
using System.Net.Sockets;

namespace RiskMonitor.Alerting.Endpoints;

/// <summary>
/// Which addresses an endpoint that was set at run time may have: public ones, and those of networks that the configuration allows. The address is judged
/// when it is dialled, so that a name that resolves to another address later is refused then.
/// </summary>
internal sealed class TargetAddresses(IReadOnlyCollection<IPNetwork> allowed)
{
    private static readonly IPNetwork[] s_reserved =
    [
        .. new[]
        {
            // "This" network, private and shared ones, loopback, link-local (metadata services among them), protocol and test assignments, multicast, reserved.
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
            "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            // Azure's platform services (WireServer, DNS, DHCP): a public address by its range that only virtual machines of Azure reach.
            "168.63.129.16/32",
            // The same of IPv6: only 2000::/3 is public, and of that neither Teredo, documentation nor 6to4, in which an IPv4 address hides.
            "::/3", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "4000::/2", "8000::/1",
        }.Select(network => IPNetwork.Parse(network)),
    ];

    /// <summary>In which an IPv4 address stands in the last four bytes.</summary>
    private static readonly IPNetwork s_nat64 = IPNetwork.Parse("64:ff9b::/96");

    public bool IsAllowed(IPAddress address)
    {
        var plain = Plain(address);
        return allowed.Any(network => Contains(network, plain)) || !s_reserved.Any(network => Contains(network, plain));
    }

    /// <summary>Connects to the first address of a host that is allowed and answers.</summary>
    /// <exception cref="HttpRequestException">None of its addresses is allowed.</exception>
    /// <exception cref="SocketException">None answers.</exception>
    public async ValueTask<Socket> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        var all = IPAddress.TryParse(host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(host, cancellationToken);
        var wanted = all.Where(IsAllowed).ToArray();
        if (wanted.Length == 0)
        {
            throw new HttpRequestException(
                "the endpoint's host has no public address; endpoints set at run time may not point at private, loopback or link-local addresses, unless Alerting:AllowedNetworks has them");
        }

        SocketException? failure = null;
        foreach (var address in wanted)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                // By the address that was judged: resolving the name again could give another one.
                await socket.ConnectAsync(new IPEndPoint(address, port), cancellationToken);
                return socket;
            }
            catch (SocketException refused)
            {
                socket.Dispose();
                failure = refused;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw failure!;
    }

    private static bool Contains(IPNetwork network, IPAddress address) => network.BaseAddress.AddressFamily == address.AddressFamily && network.Contains(address);

    private static IPAddress Plain(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        // A scope is no part of the network.
        var bytes = address.GetAddressBytes();
        return Contains(s_nat64, new IPAddress(bytes)) ? new IPAddress(bytes.AsSpan(12)) : new IPAddress(bytes);
    }
}
