using System.Diagnostics;
using RiskMonitor.Host.Tests.Hosting;
using RiskMonitor.McpFrontend.Metrics;

namespace RiskMonitor.Host.Tests.Metrics;

/// <summary>What the running program shows.</summary>
public sealed class ServedMetricsTests : IDisposable
{
    private readonly TemporaryDirectory _data = new();

    [Fact]
    public async Task Seven_alerts_before_the_first_scrape_are_seven_and_everything_that_is_not_ours_is_there_too()
    {
        await using var host = await HostProcess.StartAsync(
            ["--port", "0", "--data", _data.Path, "--no-demo"], new Dictionary<string, string> { ["RiskMonitor__Limits__DefaultNetDelta"] = "1000000" });
        using (var trading = new TradingClient(_data.Path))
        {
            for (var desk = 1; desk <= 7; desk++)
            {
                trading.Open($"P{desk}", $"Desk {desk}", 1_500_000m);
            }
        }

        await Eventually.IsTrueAsync(
            "seven alerts are analysed", async () => (await host.AlertsAsync()).Count(alert => (string?)alert["status"] == "pending_delivery") == 7);
        var metrics = await host.Http.GetStringAsync("metrics");
        var types = MetricsText.Types(metrics);

        Assert.Equal(7, MetricsText.Sum(metrics, "riskmonitor_alerts_opened_total"));
        Assert.Equal(7, MetricsText.Sum(metrics, "riskmonitor_alert_analysis_seconds_count"));
        Assert.Equal(7, MetricsText.Sum(metrics, "riskmonitor_desks"));
        Assert.InRange(MetricsText.Sum(metrics, "riskmonitor_cdc_events_total"), 7, double.MaxValue);
        Assert.Equal("counter", types["riskmonitor_alerts_opened_total"]);
        Assert.DoesNotContain("Desk 1", metrics);
        foreach (var exported in ExportedInstruments.All.Where(exported => exported.Meter != ExportedInstruments.OwnMeter))
        {
            Assert.True(types.ContainsKey(exported.Name), $"{exported.Meter} has no {exported.Instrument}");
        }

        Assert.InRange(MetricsText.Sum(metrics, "orleans_activations"), 8, 1_000);
        Assert.InRange(MetricsText.Sum(metrics, "orleans_request_seconds_count"), 7, double.MaxValue);
        Assert.InRange(MetricsText.Sum(metrics, "kestrel_active_connections"), 1, 100);
        Assert.InRange(MetricsText.Sum(metrics, "process_working_set_bytes"), 1, double.MaxValue);
    }

    [FactWithProgram("promtool", "prometheus")]
    public async Task Promtool_has_nothing_to_say_about_them()
    {
        await using var host = await HostProcess.StartAsync(["--port", "0", "--data", _data.Path]);
        await Eventually.IsTrueAsync("the demo risk manager acknowledges", () => host.Output.Any(line => line.Contains("acknowledged", StringComparison.Ordinal)));
        await host.Http.GetAsync("api/v1/limits");
        var metrics = await host.Http.GetStringAsync("metrics");

        using var promtool = Process.Start(new ProcessStartInfo("promtool", ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, errors) = (promtool.StandardOutput.ReadToEndAsync(), promtool.StandardError.ReadToEndAsync());
        await promtool.StandardInput.WriteAsync(metrics);
        promtool.StandardInput.Close();
        await promtool.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal("", $"{await output}{await errors}");
        Assert.Equal(0, promtool.ExitCode);
    }

    public void Dispose() => _data.Dispose();
}
