using System.Net;
using System.Net.Sockets;
using System.Text;

namespace RiskMonitor.McpFrontend.Tests.World;

/// <summary>Bytes to the server as they are, and what comes back.</summary>
internal sealed class RawClient : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    /// <param name="from">Null: the usual loopback address.</param>
    public static async Task<RawClient> ConnectAsync(Frontend frontend, string? from = null)
    {
        var client = new RawClient();
        if (from is not null)
        {
            client._socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        }

        await client._socket.ConnectAsync(IPAddress.Loopback, frontend.Client.BaseAddress!.Port);
        return client;
    }

    /// <summary>Sends all of it and reads until the server closes the connection.</summary>
    public static async Task<string> AskAsync(Frontend frontend, string request, string? from = null)
    {
        using var client = await ConnectAsync(frontend, from);
        await client.SendAsync(request);
        return await client.ReadToEndAsync();
    }

    public async Task SendAsync(string text) => await _socket.SendAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>What arrives until the server closes; empty also where it resets the connection.</summary>
    public async Task<string> ReadToEndAsync()
    {
        using var deadline = new CancellationTokenSource(Deadline);
        var text = new StringBuilder();
        var buffer = new byte[16 * 1024];
        try
        {
            while (await _socket.ReceiveAsync(buffer, deadline.Token) is > 0 and var read)
            {
                text.Append(Encoding.UTF8.GetString(buffer, 0, read));
            }
        }
        catch (SocketException)
        {
            // A reset is an end, too.
        }

        return text.ToString();
    }

    /// <summary>What arrives first. The server may wait for the rest of a request before it closes.</summary>
    public async Task<string> ReadFirstAsync()
    {
        using var deadline = new CancellationTokenSource(Deadline);
        var buffer = new byte[16 * 1024];
        return Encoding.UTF8.GetString(buffer, 0, await _socket.ReceiveAsync(buffer, deadline.Token));
    }

    public void Dispose() => _socket.Dispose();
}
