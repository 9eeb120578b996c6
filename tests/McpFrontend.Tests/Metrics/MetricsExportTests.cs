using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using RiskMonitor.McpFrontend.Metrics;
using RiskMonitor.UseCases;

namespace RiskMonitor.McpFrontend.Tests.Metrics;

public sealed class MetricsExportTests : IDisposable
{
    private readonly ServiceProvider _host = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));
    private readonly MetricsExport _export;

    public MetricsExportTests() => _export = new MetricsExport(Meters, NullLogger<MetricsExport>.Instance);

    private IMeterFactory Meters => _host.GetRequiredService<IMeterFactory>();

    private Meter Own => Meters.Create(ExportedInstruments.OwnMeter);

    [Fact]
    public async Task What_happened_before_the_first_scrape_is_in_it_and_a_counter_is_a_counter()
    {
        var opened = Own.CreateCounter<long>("alerts_opened_total", description: "Alerts opened");
        for (var i = 0; i < 7; i++)
        {
            opened.Add(1, new KeyValuePair<string, object?>("severity", "WARNING"));
        }

        var shown = await ShownAsync();

        Assert.Contains("# TYPE riskmonitor_alerts_opened_total counter", shown);
        Assert.Contains("""riskmonitor_alerts_opened_total{severity="WARNING"} 7""", shown);
        Assert.Contains("""riskmonitor_alerts_opened_total{severity="CRITICAL"} 0""", shown);
    }

    [Fact]
    public async Task A_histogram_of_deliveries_tells_milliseconds_from_hours()
    {
        var delivered = Own.CreateHistogram<double>("alert_commit_to_delivered_seconds", "s", "Time to the first 2xx");
        delivered.Record(0.0009);
        delivered.Record(3_000);

        var shown = await ShownAsync();

        Assert.Contains("# TYPE riskmonitor_alert_commit_to_delivered_seconds histogram", shown);
        Assert.Contains("""riskmonitor_alert_commit_to_delivered_seconds_bucket{le="0.001"} 1""", shown);
        Assert.Contains("""riskmonitor_alert_commit_to_delivered_seconds_bucket{le="900"} 1""", shown);
        Assert.Contains("""riskmonitor_alert_commit_to_delivered_seconds_bucket{le="3600"} 2""", shown);
    }

    [Fact]
    public async Task Series_that_nothing_has_measured_for_hours_are_still_shown()
    {
        var metrics = new UseCaseMetrics(Meters, _clock);
        metrics.Answered("get_limits", "ok", TimeSpan.FromMilliseconds(3));
        metrics.MarketFetched("ok", TimeSpan.FromSeconds(1), _clock.GetUtcNow());
        await ShownAsync();

        _clock.Advance(TimeSpan.FromHours(8));
        var shown = await ShownAsync();

        Assert.Contains("""riskmonitor_requests_total{tool="get_limits",outcome="ok"} 1""", shown);
        Assert.Contains("""riskmonitor_market_requests_total{outcome="ok"} 1""", shown);
        Assert.Contains("riskmonitor_market_snapshot_age_seconds 28800", shown);
    }

    [Fact]
    public async Task Invented_values_of_a_label_are_neither_shown_nor_kept()
    {
        var requests = Own.CreateCounter<long>("requests_total", description: "Calls");
        requests.Add(1, new("tool", "get_limits"), new KeyValuePair<string, object?>("outcome", "ok"));
        for (var i = 0; i < 20_000; i++)
        {
            requests.Add(1, new("tool", $"risk://desks/Invented {i}/limits"), new KeyValuePair<string, object?>("outcome", $"invented{i}"));
        }

        var shown = await ShownAsync();

        Assert.DoesNotContain("risk://", shown);
        Assert.Contains("""riskmonitor_requests_total{tool="get_limits",outcome="ok"} 1""", shown);
        Assert.Contains("""riskmonitor_requests_total{tool="other",outcome="other"} """, shown);
        Assert.InRange(shown.Length, 1, 64 * 1024);
        Assert.Matches("""riskmonitor_metrics_dropped_total\{reason="value"\} [1-9]\d{4}""", shown);
    }

    [Fact]
    public async Task What_is_on_no_list_is_not_shown()
    {
        using var foreign = new Meter("Experimental.ModelContextProtocol");
        foreign.CreateCounter<long>("mcp.server.operations").Add(1, new KeyValuePair<string, object?>("mcp.resource.uri", "risk://desks/Secret"));
        Own.CreateCounter<long>("secrets_total").Add(1);
        Own.CreateCounter<long>("audit_dropped_total", description: "Entries").Add(1, new KeyValuePair<string, object?>("user", "bob"));

        var shown = await ShownAsync();

        Assert.DoesNotContain("Secret", shown);
        Assert.DoesNotContain("secrets", shown);
        Assert.DoesNotContain("bob", shown);
        Assert.Contains("riskmonitor_audit_dropped_total 1", shown);
        Assert.Contains("""riskmonitor_metrics_dropped_total{reason="instrument"} 1""", shown);
        Assert.Contains("""riskmonitor_metrics_dropped_total{reason="label"} 1""", shown);
    }

    [Fact]
    public async Task A_gauge_is_shown_while_it_is_observed_and_one_that_fails_takes_no_other_away()
    {
        var ages = new List<double>();
        Own.CreateObservableGauge("cdc_last_heard_age_seconds", () => ages.Select(age => new Measurement<double>(age)), "s", "Age");
        Own.CreateObservableGauge("alerts", long () => throw new InvalidOperationException("no database"), description: "Alerts");
        Own.CreateObservableGauge("oldest_unacked_alert_seconds", () => 4.0, "s", "Age");

        Assert.DoesNotContain("\nriskmonitor_cdc_last_heard_age_seconds", await ShownAsync());
        ages.Add(12.5);
        Assert.Contains("\nriskmonitor_cdc_last_heard_age_seconds 12.5", await ShownAsync());
        ages.Clear();
        var shown = await ShownAsync();

        Assert.DoesNotContain("\nriskmonitor_cdc_last_heard_age_seconds", shown);
        Assert.Contains("riskmonitor_oldest_unacked_alert_seconds 4", shown);
        Assert.Contains("""riskmonitor_metrics_dropped_total{reason="callback"} 3""", shown);
    }

    [Fact]
    public async Task Two_hosts_in_one_process_count_for_themselves()
    {
        using var other = new ServiceCollection().AddMetrics().BuildServiceProvider();
        new UseCaseMetrics(other.GetRequiredService<IMeterFactory>(), _clock).AuditDropped();
        new UseCaseMetrics(Meters, _clock).AuditDropped();

        Assert.Contains("riskmonitor_audit_dropped_total 1", await ShownAsync());
    }

    public void Dispose()
    {
        _export.Dispose();
        _host.Dispose();
    }

    private async Task<string> ShownAsync()
    {
        using var text = new MemoryStream();
        await _export.Registry.CollectAndExportAsTextAsync(text);
        return Encoding.UTF8.GetString(text.ToArray());
    }
}
