using System.Net.Http.Json;
using System.Text.Json.Nodes;
using RiskMonitor.Host.Tests.Hosting;

namespace RiskMonitor.Host.Tests.Metrics;

public sealed class ManyHostsTests
{
    private static readonly (string, string) s_limit = ("Limits:DefaultNetDelta", "1000000");

    [Fact]
    public async Task Twenty_hosts_start_at_once_and_each_counts_its_own_alerts()
    {
        var hosts = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => HostInThisProcess.StartAsync(s_limit)));
        try
        {
            using (var trading = new TradingClient(hosts[3].Data))
            {
                trading.Open("P1", "Rates", 1_500_000m);
                trading.Open("P2", "Credit", 1_500_000m);
            }

            await Eventually.IsTrueAsync("two alerts are open", async () => await AlertsAsync(hosts[3]) == 2);

            Assert.Equal(20, hosts.Select(host => host.Http.BaseAddress).Distinct().Count());
            Assert.Equal(2, await OpenedAsync(hosts[3]));
            Assert.All(await Task.WhenAll(hosts.Where((_, number) => number != 3).Select(OpenedAsync)), opened => Assert.Equal(0, opened));
        }
        finally
        {
            await Task.WhenAll(hosts.Select(host => host.DisposeAsync().AsTask()));
        }
    }

    private static async Task<int> AlertsAsync(HostInThisProcess host) =>
        (await host.Http.GetFromJsonAsync<JsonObject>("api/v1/alerts?include_transient=true"))!["alerts"]!.AsArray().Count;

    private static async Task<double> OpenedAsync(HostInThisProcess host) =>
        MetricsText.Sum(await host.Http.GetStringAsync("metrics"), "riskmonitor_alerts_opened_total");
}
