using System.Net;
using System.Net.Sockets;
using RiskMonitor.Host.CommandLine;

namespace RiskMonitor.Host;

/// <summary>
/// The address and port, taken before anything is built: the address is known from the start (the demo's webhook needs it), a port in use is
/// found before any work is done, and a caller that connects while the host starts waits instead of being refused.
/// </summary>
internal sealed class ServerSocket : IDisposable
{
    private const int Backlog = 512;

    private ServerSocket(Socket socket)
    {
        Socket = socket;
        EndPoint = (IPEndPoint)socket.LocalEndPoint!;
    }

    public Socket Socket { get; }

    public IPEndPoint EndPoint { get; }

    /// <summary>Only programs on this machine can reach it.</summary>
    public bool IsLoopback => IPAddress.IsLoopback(EndPoint.Address);

    /// <summary>The address by which programs on this machine reach the host.</summary>
    public string Url =>
        EndPoint.Address.Equals(IPAddress.Any) || EndPoint.Address.Equals(IPAddress.IPv6Any) ? $"http://127.0.0.1:{EndPoint.Port}" : $"http://{EndPoint}";

    /// <exception cref="UsageException">Another process has the port, it needs rights that this process lacks, or the address is not one of this machine.</exception>
    public static ServerSocket Bind(IPAddress address, int port)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(Backlog);
            return new ServerSocket(socket);
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw new UsageException(
                exception.SocketErrorCode switch
                {
                    SocketError.AddressAlreadyInUse => $"port {port} is in use, perhaps by another RiskMonitor; stop it, or choose another port: --port N (0 takes a free one)",
                    SocketError.AddressNotAvailable => $"{address} is not an address of this machine; choose one that is: --listen ADDR (0.0.0.0 takes all)",
                    _ => $"port {port} cannot be opened ({exception.Message}); choose another: --port N (0 takes a free one)",
                },
                UsageException.NotPossible);
        }
    }

    public void Dispose() => Socket.Dispose();
}
