using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace RiskMonitor.Alerting.Tests.Webhooks;

/// <summary>A risk manager's endpoint on a port of its own.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Receiver(WebApplication app) => _app = app;

    public ConcurrentQueue<Received> Messages { get; } = new();

    public string Url => _app.Urls.Single() + "/alerts";

    /// <param name="answer">Answers a message, after it was recorded.</param>
    public static async Task<Receiver> StartAsync(Func<HttpContext, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new Receiver(app);
        app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            receiver.Messages.Enqueue(new Received(
                context.Request.Method,
                context.Request.Path,
                context.Request.ContentType,
                context.Request.Headers["webhook-id"].ToString(),
                context.Request.Headers["webhook-timestamp"].ToString(),
                context.Request.Headers["webhook-signature"].ToString(),
                body.ToArray()));
            await answer(context);
        });
        await app.StartAsync();
        return receiver;
    }

    public static Task<Receiver> StartAsync(int status) => StartAsync(context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    });

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

internal sealed record Received(string Method, string Path, string? ContentType, string Id, string Timestamp, string Signature, byte[] Body);
