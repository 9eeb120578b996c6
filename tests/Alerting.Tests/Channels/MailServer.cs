using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using MimeKit;
using SmtpServer;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace RiskMonitor.Alerting.Tests.Channels;

/// <summary>A small SMTP server on a port of its own.</summary>
internal sealed class MailServer : MessageStore, IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly SmtpResponse _answer;
    private Task _running = Task.CompletedTask;

    private MailServer(SmtpResponse answer) => _answer = answer;

    public ConcurrentQueue<MimeMessage> Mails { get; } = new();

    public int Port { get; private set; }

    public static async Task<MailServer> StartAsync(SmtpResponse answer)
    {
        // The library does not tell which port the system chose.
        using (var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            var store = new MailServer(answer) { Port = ((IPEndPoint)socket.LocalEndPoint!).Port };
            socket.Close();
            var options = new SmtpServerOptionsBuilder().ServerName("localhost")
                .Endpoint(endpoint => endpoint.Endpoint(new IPEndPoint(IPAddress.Loopback, store.Port))).Build();
            var services = new SmtpServer.ComponentModel.ServiceProvider();
            services.Add(store);
            store._running = new SmtpServer.SmtpServer(options, services).StartAsync(store._end.Token);
            await Eventually.IsTrueAsync("the mail server listens", async () =>
            {
                using var client = new TcpClient();
                try
                {
                    await client.ConnectAsync(IPAddress.Loopback, store.Port);
                    return true;
                }
                catch (SocketException)
                {
                    return false;
                }
            });
            return store;
        }
    }

    public override async Task<SmtpResponse> SaveAsync(ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
    {
        using var stream = new MemoryStream(buffer.ToArray());
        Mails.Enqueue(await MimeMessage.LoadAsync(stream, cancellationToken));
        return _answer;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running.WaitAsync(TimeSpan.FromSeconds(5)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }
}
