using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using RiskMonitor.Alerting.Webhooks;

namespace RiskMonitor.Testing.Hosting;

/// <summary>A risk manager's own server: checks signatures, acknowledges from inside the handler, and asks for another attempt when that fails.</summary>
internal sealed class RiskManagerEndpoint : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(5) };

    private RiskManagerEndpoint(WebApplication app)
    {
        _app = app;
        app.MapPost("/hook", ReceiveAsync);
    }

    public string Secret { get; } = StandardWebhook.NewSecret();

    public string Url => $"{_app.Urls.Single()}/hook";

    /// <summary>Where the monitor's API is just now; null: nobody acknowledges.</summary>
    public Uri? Monitor { get; set; }

    /// <summary>Called with each message before it is answered.</summary>
    public Action<JsonObject>? Received { get; set; }

    public ConcurrentQueue<JsonObject> Messages { get; } = new();

    /// <summary>The same, with the time at which each came.</summary>
    public ConcurrentQueue<(DateTimeOffset At, JsonObject Message)> Arrivals { get; } = new();

    /// <summary>What was wrong with messages that are not genuine.</summary>
    public ConcurrentQueue<string> Refused { get; } = new();

    public static async Task<RiskManagerEndpoint> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var endpoint = new RiskManagerEndpoint(builder.Build());
        await endpoint._app.StartAsync();
        return endpoint;
    }

    public string[] HostOptions(string data) =>
        ["--no-demo", "--port", "0", "--data", data, "--webhook", Url, "--webhook-secret", Secret];

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _client.Dispose();
    }

    private async Task<IResult> ReceiveAsync(HttpRequest request)
    {
        using var copy = new MemoryStream();
        await request.Body.CopyToAsync(copy);
        var id = request.Headers[StandardWebhook.IdHeader].ToString();
        var problem = StandardWebhook.Verify(
            id,
            request.Headers[StandardWebhook.TimestampHeader],
            request.Headers[StandardWebhook.SignatureHeader],
            copy.ToArray(),
            Secret,
            DateTimeOffset.UtcNow);
        if (problem is not null)
        {
            Refused.Enqueue(problem);
            return Results.Unauthorized();
        }

        var message = JsonNode.Parse(copy.ToArray())!.AsObject();
        Messages.Enqueue(message);
        Arrivals.Enqueue((DateTimeOffset.UtcNow, message));
        Received?.Invoke(message);
        if (Monitor is null || (string?)message["type"] == "risk.alert.cured")
        {
            return Results.NoContent();
        }

        try
        {
            using var answer = await _client.PostAsJsonAsync(
                new Uri(Monitor, $"api/v1/alerts/{(string)message["data"]!["alert_id"]!}/ack"),
                new JsonObject { ["delivery_id"] = id, ["disposition"] = "reducing", ["comment"] = "on it" });
            // 409: the alert has escalated since; its new revision is on its way.
            return answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.Conflict
                ? Results.NoContent()
                : Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }
    }
}
