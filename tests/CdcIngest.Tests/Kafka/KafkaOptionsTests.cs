using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RiskMonitor.CdcIngest.Kafka;
using RiskMonitor.CdcIngest.Pipeline;

namespace RiskMonitor.CdcIngest.Tests.Kafka;

public class KafkaOptionsTests
{
    [Fact]
    public void Servers_and_topic_are_enough()
    {
        var options = Bind(("Kafka:BootstrapServers", "kafka:9092"), ("Kafka:Topic", "trading.risk.positions_cdc"), ("Kafka:Client:client.rack", "a"));

        Assert.Equal("positions_cdc.dlq", options.DeadLetters);
        Assert.Equal("a", KafkaClients.Consumer(options).Get("client.rack"));
        Assert.Equal("kafka:9092", KafkaClients.Producer(options).BootstrapServers);
    }

    [Fact]
    public void Encryption_and_credentials_reach_every_client()
    {
        var options = Bind(
            ("Kafka:BootstrapServers", "kafka:9093"), ("Kafka:Topic", "t"), ("Kafka:SecurityProtocol", "SaslSsl"), ("Kafka:SaslMechanism", "ScramSha512"),
            ("Kafka:SaslUsername", "risk"), ("Kafka:SaslPassword", "secret"), ("Kafka:SslCaLocation", typeof(KafkaOptions).Assembly.Location));

        Assert.All(
            new Confluent.Kafka.ClientConfig[] { KafkaClients.Consumer(options), KafkaClients.Producer(options), KafkaClients.Admin(options) },
            client => Assert.Equal(
                ("sasl_ssl", "SCRAM-SHA-512", "risk", "secret", options.SslCaLocation),
                (client.Get("security.protocol"), client.Get("sasl.mechanism"), client.Get("sasl.username"), client.Get("sasl.password"), client.Get("ssl.ca.location"))));
    }

    [Fact]
    public void The_partitions_of_an_ingest_that_was_killed_go_to_others_within_seconds()
    {
        var byDefault = KafkaClients.Consumer(Bind(("Kafka:BootstrapServers", "kafka:9092"), ("Kafka:Topic", "t")));
        var chosen = KafkaClients.Consumer(Bind(("Kafka:BootstrapServers", "kafka:9092"), ("Kafka:Topic", "t"), ("Kafka:SessionTimeout", "00:00:02")));

        Assert.InRange(byDefault.SessionTimeoutMs!.Value, 6_000, 10_000);
        Assert.Equal(1_000, byDefault.HeartbeatIntervalMs);
        Assert.Equal((2_000, 500), (chosen.SessionTimeoutMs, chosen.HeartbeatIntervalMs));
    }

    [Theory]
    [InlineData("Kafka:BootstrapServers", "")]
    [InlineData("Kafka:Topic", "")]
    [InlineData("Kafka:GroupId", " ")]
    [InlineData("Kafka:DeadLetterTopic", "t")]
    [InlineData("Kafka:SslCaLocation", "/no/such/file")]
    [InlineData("Kafka:SaslUsername", "risk")]
    [InlineData("Kafka:SaslMechanism", "Plain")]
    [InlineData("Kafka:MaxBufferedMessages", "0")]
    [InlineData("Kafka:SessionTimeout", "00:00:00")]
    public void What_cannot_work_is_refused_at_the_start_by_its_key(string key, string value)
    {
        var refused = Assert.Throws<OptionsValidationException>(() => Bind(("Kafka:BootstrapServers", "kafka:9092"), ("Kafka:Topic", "t"), (key, value)));

        Assert.Contains("Kafka:", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_is_in_no_error()
    {
        var refused = Assert.Throws<OptionsValidationException>(() => Bind(("Kafka:BootstrapServers", "kafka:9092"), ("Kafka:Topic", "t"), ("Kafka:SaslPassword", "hunter2")));

        Assert.DoesNotContain("hunter2", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Calls_between_processes_are_given_up_after_two_seconds() =>
        Assert.Equal(TimeSpan.FromSeconds(2), Services().GetRequiredService<IOptions<IngestOptions>>().Value.CallTimeout);

    private static KafkaOptions Bind(params (string Key, string Value)[] settings) => Services(settings).GetRequiredService<IOptions<KafkaOptions>>().Value;

    private static ServiceProvider Services(params (string Key, string Value)[] settings)
    {
        // A later setting of a key wins.
        var values = settings.GroupBy(setting => setting.Key).ToDictionary(same => same.Key, same => (string?)same.Last().Value);
        return new ServiceCollection().AddKafkaIngest(new ConfigurationBuilder().AddInMemoryCollection(values).Build()).BuildServiceProvider();
    }
}
