using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace RiskMonitor.Benchmarks.Load;

/// <summary>A risk manager's endpoint on a port of its own, which answers at once.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<long> _arrivals = Channel.CreateUnbounded<long>();

    private Receiver()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(ReceiveAsync);
    }

    public string Url => _app.Urls.Single() + "/alerts";

    public static async Task<Receiver> StartAsync()
    {
        var receiver = new Receiver();
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>When the next message had arrived whole (<see cref="Stopwatch"/> ticks).</summary>
    public async Task<long> NextAsync(TimeSpan deadline) => await _arrivals.Reader.ReadAsync().AsTask().WaitAsync(deadline);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context)
    {
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        _arrivals.Writer.TryWrite(Stopwatch.GetTimestamp());
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
