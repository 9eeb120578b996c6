using System.Net;
using System.Net.Sockets;
using Orleans.Configuration;

namespace RiskMonitor.Silo.Clustering;

/// <summary>Where a silo listens, and by which address the others reach it.</summary>
internal static class ClusterEndpoints
{
    public static void Apply(OrleansOptions options, EndpointOptions endpoints)
    {
        var listen = options.ListenAddress;
        endpoints.AdvertisedIPAddress = Advertised(options, listen);
        endpoints.SiloPort = options.SiloPort == 0 ? FreePort(listen) : options.SiloPort;
        endpoints.GatewayPort = options.GatewayPort == 0 ? FreePort(listen) : options.GatewayPort;
        endpoints.SiloListeningEndpoint = new IPEndPoint(listen, endpoints.SiloPort);
        endpoints.GatewayListeningEndpoint = new IPEndPoint(listen, endpoints.GatewayPort);
    }

    private static IPAddress Advertised(OrleansOptions options, IPAddress listen)
    {
        if (options.AdvertisedAddress.Length > 0)
        {
            return Resolve(options.AdvertisedAddress, nameof(options.AdvertisedAddress));
        }

        return listen.Equals(IPAddress.Any) || listen.Equals(IPAddress.IPv6Any) ? Resolve(Dns.GetHostName(), nameof(options.Listen)) : listen;
    }

    /// <summary>An address is stored in the table of members, where a name would not tell two runs apart.</summary>
    private static IPAddress Resolve(string name, string key)
    {
        if (IPAddress.TryParse(name, out var address))
        {
            return address;
        }

        try
        {
            return Dns.GetHostAddresses(name, AddressFamily.InterNetwork) is [var first, ..] ? first : throw new SocketException((int)SocketError.HostNotFound);
        }
        catch (SocketException exception)
        {
            throw new InvalidOperationException(
                $"{OrleansOptions.Section}:{key}: the name '{name}' has no address ({exception.Message}); set {OrleansOptions.Section}:{nameof(OrleansOptions.AdvertisedAddress)} to the address by which other processes reach this silo",
                exception);
        }
    }

    /// <summary>Orleans has to know the port before it listens. Another program can take it in between; the start then fails and says so.</summary>
    private static int FreePort(IPAddress address)
    {
        using var listener = new TcpListener(address, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
