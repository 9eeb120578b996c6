using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace RiskMonitor.McpFrontend.Tests.Markets;

/// <summary>A market source on a port of its own.</summary>
internal sealed class MarketSource : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _asked;

    private MarketSource(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single() + "/snapshot";

    public int Asked => _asked;

    public RequestDelegate Answer { get; set; } = context => context.Response.WriteAsync("{}");

    public static async Task<MarketSource> StartAsync(string body)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var source = new MarketSource(builder.Build()) { Answer = context => context.Response.WriteAsync(body) };
        source._app.MapGet("/snapshot", context =>
        {
            Interlocked.Increment(ref source._asked);
            return source.Answer(context);
        });
        await source._app.StartAsync();
        return source;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
