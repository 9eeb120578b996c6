using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Prometheus;

namespace RiskMonitor.Offline.Tests;

public sealed class MetricsTests
{
    [Fact]
    public async Task Instruments_are_exported_under_the_names_of_their_meter_and_their_own()
    {
        await using var app = await StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        // The package begins to listen at the first scrape.
        await http.GetStringAsync("/metrics");
        using var meter = new Meter("Offline.Test");
        var events = meter.CreateCounter<long>("cdc_events_total", "events", "What came in");
        events.Add(2, new("outcome", "applied"), new("op", "c"));
        events.Add(1, new("op", "c"), new("outcome", "applied"));
        meter.CreateObservableGauge("desks", () => new Measurement<int>(7, new KeyValuePair<string, object?>("state", "li\"ve")));
        var seconds = meter.CreateHistogram<double>("apply-seconds");
        seconds.Record(0.015);
        seconds.Record(5);

        var response = await http.GetAsync("/metrics");
        var text = (await response.Content.ReadAsStringAsync()).Split('\n');

        Assert.Equal("text/plain", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("offline_test_cdc_events_total{op=\"c\",outcome=\"applied\"} 3", text);
        Assert.Contains("# TYPE offline_test_cdc_events_total gauge", text);
        Assert.Contains("offline_test_desks{state=\"li\\\"ve\"} 7", text);
        Assert.Contains("# TYPE offline_test_apply_seconds histogram", text);
        Assert.Contains("offline_test_apply_seconds_count 2", text);
        Assert.Contains("offline_test_apply_seconds_sum 5.015", text);
        Assert.Contains("offline_test_apply_seconds_bucket{le=\"0.01\"} 0", text);
        Assert.Contains("offline_test_apply_seconds_bucket{le=\"0.02\"} 1", text);
        Assert.Contains("offline_test_apply_seconds_bucket{le=\"+Inf\"} 2", text);
    }

    private static async Task<WebApplication> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapMetrics();
        await app.StartAsync();
        return app;
    }
}
