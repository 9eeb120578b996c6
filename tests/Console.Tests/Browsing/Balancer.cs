using System.Net;
using System.Net.Sockets;

namespace RiskMonitor.WebConsole.Tests.Browsing;

/// <summary>Hands each connection to the first of its servers that takes it, as a balancer does that keeps a browser at one server as long as that lives.</summary>
internal sealed class Balancer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Uri[] _servers;
    private readonly Task _accepting;

    public Balancer(params Uri[] servers)
    {
        _servers = servers;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            _ = ForwardAsync(await _listener.AcceptTcpClientAsync(_end.Token));
        }
    }

    private async Task ForwardAsync(TcpClient browser)
    {
        using var ours = browser;
        foreach (var address in _servers)
        {
            using var server = new TcpClient();
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, address.Port, _end.Token);
            }
            catch (SocketException)
            {
                continue;
            }

            // The end of either side is the end of both.
            await Task.WhenAny(
                ours.GetStream().CopyToAsync(server.GetStream(), _end.Token),
                server.GetStream().CopyToAsync(ours.GetStream(), _end.Token));
            return;
        }
    }
}
