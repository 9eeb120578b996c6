using System.Net;
using System.Net.Sockets;

namespace RiskMonitor.McpFrontend.Connections;

/// <summary>The network by which clients are counted: an IPv4 address, or the /64 of which an IPv6 client may choose any address.</summary>
internal static class NetworkName
{
    private const int NetworkBytes = 8;

    /// <returns>Empty where there is no address.</returns>
    public static string Of(IPAddress? address)
    {
        if (address is null)
        {
            return "";
        }

        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return plain.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexString(plain.GetAddressBytes().AsSpan(0, NetworkBytes)) : plain.ToString();
    }
}
