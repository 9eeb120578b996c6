using Microsoft.Extensions.DependencyInjection;
using RiskMonitor.CdcIngest.Kafka;
using RiskMonitor.Grains.Tests;
using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Topics;
using RiskMonitor.Silo.Publishing;

namespace RiskMonitor.CdcIngest.Tests.Publishing;

/// <summary>From a trade to the topic: desks, alerts, the stored messages and the one publisher, in a cluster of silos.</summary>
public sealed class TopicAcrossSilosTests
{
    private const string Topic = "risk_alerts";
    private const int Partitions = 2;

    [Fact]
    public async Task A_breach_and_the_way_to_it_are_told_in_their_order_and_once()
    {
        using var broker = new MockKafka();
        broker.CreateTopic(Topic, Partitions);
        await using var cluster = await StartAsync(broker, silos: 2);

        await cluster.ApplyAsync("FX", RiskCluster.Put(1, "FX", "A", 900));
        await cluster.ApplyAsync("FX", RiskCluster.Put(2, "FX", "A", 1_300));
        var alert = await cluster.AlertAsync(alert => alert.Status == AlertStatus.Delivered, "the breach is delivered");
        await cluster.AlertGrain(alert).AckAsync(new AckRequest("jane", null, "seen by me", null, null, null));
        await cluster.ApplyAsync("FX", RiskCluster.Put(3, "FX", "A", 0));

        var ofAlert = await EventuallySeenAsync(broker, alert.AlertId.ToString("D"), "risk.alert.cured");
        // The message that it is cured is delivered, too.
        Assert.Equal(
            ["risk.alert.opened", "risk.alert.analysed", "risk.alert.delivered", "risk.alert.acknowledged", "risk.alert.cured"], ofAlert.Take(5).Select(message => message.Type));
        var acknowledged = ofAlert.Single(message => message.Type == "risk.alert.acknowledged").Body["data"]!;
        Assert.Equal(("consumed", "jane", null), ((string?)acknowledged["status"], (string?)acknowledged["acked_by"], (string?)acknowledged["ack_comment"]));

        var ofDesk = SeenMessage.WithoutRepeats(SeenMessage.Read(broker, Topic, Partitions)).Where(message => message.Key == "FX").ToList();
        Assert.Equal([("ok", "warning"), ("warning", "breach")], ofDesk.Select(message => ((string?)message.Body["data"]!["previous_state"], (string?)message.Body["data"]!["utilisation_state"])));
    }

    [Fact]
    public async Task Silos_that_are_killed_lose_no_message_and_a_topic_that_is_away_stops_no_alert()
    {
        using var broker = new MockKafka();
        broker.CreateTopic(Topic, Partitions);
        await using var cluster = await StartAsync(broker, silos: 2);
        broker.SetDown();
        for (var desk = 0; desk < 4; desk++)
        {
            await cluster.ApplyAsync($"Desk {desk}", RiskCluster.Put(1, $"Desk {desk}", $"P{desk}", 1_500));
        }

        await Eventually.IsTrueAsync("all four alerts are delivered", async () => (await cluster.AlertsAsync()).Count(alert => alert.Status == AlertStatus.Delivered) == 4);
        await cluster.KillAndRestartAsync();
        broker.SetUp();

        foreach (var alert in await cluster.AlertsAsync())
        {
            var told = await EventuallySeenAsync(broker, alert.AlertId.ToString("D"), "risk.alert.delivered");
            Assert.Equal(["risk.alert.opened", "risk.alert.analysed", "risk.alert.delivered"], told.Select(message => message.Type));
        }

        await Eventually.IsTrueAsync("nothing waits any more", async () => (await cluster.Stored<ITopicOutbox>().WaitingAsync(default)).Count == 0);
    }

    private static async Task<IReadOnlyList<SeenMessage>> EventuallySeenAsync(MockKafka broker, string key, string type)
    {
        IReadOnlyList<SeenMessage> seen = [];
        await Eventually.IsTrueAsync($"{type} of {key} is in the topic", () =>
        {
            seen = [.. SeenMessage.WithoutRepeats(SeenMessage.Read(broker, Topic, Partitions)).Where(message => message.Key == key)];
            return seen.Any(message => message.Type == type);
        });
        return seen;
    }

    private static Task<RiskCluster> StartAsync(MockKafka broker, short silos)
    {
        var options = new AlertTopicOptions { BootstrapServers = broker.Servers, RequestTimeout = TimeSpan.FromSeconds(2) };
        options.Client["reconnect.backoff.max.ms"] = "200";
        var prepared = RiskCluster.Prepare();
        prepared.AddServices = services =>
        {
            services.AddSingleton<IRiskTopic>(new KafkaRiskTopic(options, "test"));
            services.AddRiskPublishing(Clearance.Desk, new PublisherOptions(TimeSpan.FromMilliseconds(20), TimeSpan.FromDays(7)) { KeepInterval = TimeSpan.FromMilliseconds(200) });
        };
        return RiskCluster.StartAsync(prepared, silos: silos);
    }
}
