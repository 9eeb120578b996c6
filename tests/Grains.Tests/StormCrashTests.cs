using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RiskMonitor.Alerting;
using RiskMonitor.Alerting.Tests.Webhooks;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Grains.Tests;

/// <summary>Many breaches at once at an endpoint that gathers them into lists, whose silo dies meanwhile.</summary>
public sealed class StormCrashTests
{
    private const int Desks = 12;

    /// <summary>The writes are: each alert is born, each is analysed (the first one's attempt begins with it), each other attempt begins, each result.</summary>
    [Theory]
    [InlineData(Desks, true)]
    [InlineData(2 * Desks, true)]
    [InlineData((2 * Desks) + 1, true)]
    [InlineData((2 * Desks) + 6, false)]
    [InlineData((3 * Desks) - 1, true)]
    [InlineData(3 * Desks, true)]
    [InlineData((3 * Desks) + 6, false)]
    [InlineData((4 * Desks) - 1, true)]
    public async Task A_silo_that_dies_anywhere_in_a_storm_loses_no_alert(int write, bool afterTheWrite)
    {
        await using var receiver = await Receiver.StartAsync(200);
        var gate = new StopGate(write, afterTheWrite);
        var cluster = RiskCluster.Prepare();
        cluster.WrapAlerts = store => new GatedAlertStore(store, gate);
        await using var before = Endpoints(receiver.Url, cluster);
        await using var after = Endpoints(receiver.Url, cluster);
        Use(before);
        await using var running = await RiskCluster.StartAsync(cluster);
        await Task.WhenAll(Enumerable.Range(0, Desks).Select(i => cluster.ApplyAsync($"Desk {i}", RiskCluster.Put(i, $"Desk {i}", $"P{i}", 1_500))));
        await gate.Reached;
        cluster.WrapAlerts = store => store;
        // What waits for a list is lost with its process.
        Use(after);
        await cluster.KillAndRestartAsync();

        await Eventually.IsTrueAsync("every alert is delivered", async () => (await cluster.AlertsAsync()).Count(alert => alert.Status == AlertStatus.Delivered) == Desks);
        var texts = receiver.Messages.Select(message => Encoding.UTF8.GetString(message.Body)).ToList();
        Assert.All(Enumerable.Range(0, Desks), i => Assert.Contains(texts, text => text.Contains($": Desk {i}", StringComparison.Ordinal)));
        Assert.All(await cluster.AlertsAsync(), alert => Assert.Equal((1, DeliveryState.Delivered), (alert.Notice!.Attempts, Assert.Single(alert.Notice.Deliveries).State)));

        // Each list names its alerts by the delivery that their rows have.
        var deliveries = (await cluster.AlertsAsync()).Select(alert => alert.Notice!.DeliveryId).ToHashSet();
        foreach (var link in texts.Where(text => text.Contains("/alerts/groups/", StringComparison.Ordinal)).Select(GroupIdIn))
        {
            var group = await cluster.Stored<IAlertGroupStore>().FindAsync(link, CancellationToken.None);
            Assert.All(group!.Alerts, alert => Assert.Contains(alert.DeliveryId, deliveries));
            Assert.Equal(group.Alerts.Count, (await cluster.Stored<IAlertGroupStore>().CurrentAsync(group, CancellationToken.None)).Count);
        }

        void Use(ServiceProvider endpoints) =>
            (cluster.Sender, cluster.Routes) = (endpoints.GetRequiredService<IAlertSender>(), endpoints.GetRequiredService<IAlertRoutes>());
    }

    private static string GroupIdIn(string text)
    {
        var at = text.IndexOf(AlertGroup.IdPrefix, StringComparison.Ordinal);
        return text[at..text.IndexOf('?', at)];
    }

    private static ServiceProvider Endpoints(string url, RiskCluster cluster) => new ServiceCollection()
        .AddLogging()
        .AddSingleton(cluster.Stored<IAlertGroupStore>())
        .AddAlerting(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Links:PublicUrl"] = "https://risk.example",
            ["Links:Secret"] = Convert.ToBase64String(new byte[32]),
            ["Alerting:Endpoints:0:Name"] = "ops",
            ["Alerting:Endpoints:0:Kind"] = "slack",
            ["Alerting:Endpoints:0:Url"] = url,
            ["Alerting:Endpoints:0:GroupWithin"] = "00:00:00.500",
        }).Build())
        .BuildServiceProvider();
}
