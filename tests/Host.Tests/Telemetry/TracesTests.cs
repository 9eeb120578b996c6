using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace RiskMonitor.Host.Tests.Telemetry;

public sealed class TracesTests
{
    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";

    [Fact]
    public async Task A_request_is_traced_into_the_grains_under_the_callers_trace()
    {
        await using var collector = await Collector.StartAsync();
        using var data = new TemporaryDirectory();
        await using var host = await HostProcess.StartAsync(
            ["--port", "0", "--data", data.Path],
            new Dictionary<string, string>
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Url,
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
            });

        // Calls share a reading of the feed for a short time, so one request may need no grain: ask until one has needed it.
        await Eventually.IsTrueAsync("spans of the server and of the grains come under the trace", async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "api/v1/desks");
            request.Headers.Add("traceparent", string.Create(CultureInfo.InvariantCulture, $"00-{TraceId}-00f067aa0ba902b7-01"));
            using var answer = await host.Http.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            return collector.Has("Microsoft.AspNetCore") && collector.Has("Microsoft.Orleans.Application");
        });
    }

    /// <summary>Takes what an exporter posts.</summary>
    private sealed class Collector(WebApplication app) : IAsyncDisposable
    {
        private readonly ConcurrentQueue<byte[]> _traces = new();

        public string Url => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

        public static async Task<Collector> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            var app = builder.Build();
            app.Urls.Add("http://127.0.0.1:0");
            var collector = new Collector(app);
            app.MapPost("/v1/traces", collector.TakeAsync);
            app.MapPost("/v1/metrics", () => Results.Ok());
            await app.StartAsync();
            return collector;
        }

        /// <summary>Whether a batch came with spans of the source and of the trace.</summary>
        public bool Has(string source) => _traces.Any(batch =>
            batch.AsSpan().IndexOf(Convert.FromHexString(TraceId)) >= 0 && batch.AsSpan().IndexOf(Encoding.UTF8.GetBytes(source)) >= 0);

        public async ValueTask DisposeAsync() => await app.DisposeAsync();

        private async Task<IResult> TakeAsync(HttpRequest request)
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            _traces.Enqueue(body.ToArray());
            return Results.Ok();
        }
    }
}
