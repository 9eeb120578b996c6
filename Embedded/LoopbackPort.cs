using System.Net;
using System.Net.Sockets;
using RiskMonitor.Embedded.CommandLine;

namespace RiskMonitor.Embedded;

/// <summary>
/// The port, taken before anything is built: the address is known from the start (the demo's webhook needs it), a port in use is found before
/// any work is done, and whoever calls while the host starts waits instead of being refused.
/// </summary>
internal sealed class LoopbackPort : IDisposable
{
    private const int Backlog = 512;

    private LoopbackPort(Socket socket)
    {
        Socket = socket;
        Number = ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    public Socket Socket { get; }

    public int Number { get; }

    public string Url => $"http://127.0.0.1:{Number}";

    /// <exception cref="UsageException">Somebody else has the port, or it needs rights that the process lacks.</exception>
    public static LoopbackPort Take(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen(Backlog);
            return new LoopbackPort(socket);
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw new UsageException(
                exception.SocketErrorCode == SocketError.AddressAlreadyInUse
                    ? $"port {port} is in use, perhaps by another RiskMonitor; stop it, or choose another port: --port N (0 takes a free one)"
                    : $"port {port} cannot be opened ({exception.Message}); choose another: --port N (0 takes a free one)",
                UsageException.NotPossible);
        }
    }

    public void Dispose() => Socket.Dispose();
}
