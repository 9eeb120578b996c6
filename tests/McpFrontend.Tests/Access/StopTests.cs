using System.Net;
using System.Net.Sockets;
using System.Text;
using RiskMonitor.McpFrontend.Tests.World;

namespace RiskMonitor.McpFrontend.Tests.Access;

public sealed class StopTests
{
    [Fact]
    public async Task What_is_in_flight_ends_and_what_comes_after_the_stop_began_is_sent_elsewhere()
    {
        var (gate, entered) = (new TaskCompletionSource(), new TaskCompletionSource());
        var book = new Book();
        await using var frontend = await Frontend.StartAsync(book);
        // A connection that is in the middle of its request when the stop begins.
        using var late = new TcpClient();
        await late.ConnectAsync(IPAddress.Loopback, frontend.Client.BaseAddress!.Port);
        await late.GetStream().WriteAsync("GET /api/v1/limits HTTP/1.1\r\nHost: localhost\r\n"u8.ToArray());
        book.Before = async () =>
        {
            entered.TrySetResult();
            await gate.Task;
        };
        var inFlight = frontend.GetAsync("/api/v1/limits");
        await entered.Task.WaitAsync(TimeSpan.FromSeconds(10));

        var stopping = frontend.StopAsync();
        await late.GetStream().WriteAsync("\r\n"u8.ToArray());
        using var reader = new StreamReader(late.GetStream(), Encoding.ASCII);
        var answer = await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(10));

        Assert.StartsWith("HTTP/1.1 503", answer);
        Assert.Contains("Retry-After", answer);
        Assert.False(inFlight.IsCompleted);
        gate.SetResult();
        Assert.Equal(200, (await inFlight).Status);
        await stopping.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(["unavailable", "ok"], frontend.Registry.Audit.Select(entry => entry.Outcome).OrderDescending());
    }
}
