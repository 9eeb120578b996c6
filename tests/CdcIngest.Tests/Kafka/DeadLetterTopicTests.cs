using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.CdcIngest.Kafka;
using RiskMonitor.CdcIngest.Pipeline;
using RiskMonitor.CdcIngest.Tests.Pipeline;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Tests.Kafka;

/// <summary>No message holds its partition up for ever, and no partition waits for a producer that is gone.</summary>
public sealed class DeadLetterTopicTests : IDisposable
{
    private readonly MockKafka _kafka = new();
    private readonly KafkaOptions _options;
    private readonly IngestMetrics _metrics = new(new Meters(), TimeProvider.System);

    public DeadLetterTopicTests()
    {
        _kafka.CreateTopic("t.dlq", 1);
        _options = new KafkaOptions { BootstrapServers = _kafka.Servers, Topic = "t", RequestTimeout = TimeSpan.FromSeconds(5) };
    }

    public void Dispose() => _kafka.Dispose();

    [Fact]
    public async Task A_message_that_is_too_long_for_the_topic_goes_there_without_its_value()
    {
        _options.Client["message.max.bytes"] = "1000000";
        using var letters = new DeadLetterTopic(_options, _metrics, TimeProvider.System, NullLogger.Instance);
        var value = new byte[2_000_000];

        await letters.WriteAsync(Message(7, "k", value, "h"), "not JSON", _ => { }, CancellationToken.None);

        var letter = Assert.Single(_kafka.Read("t.dlq", 1)).Message;
        Assert.Null(letter.Value);
        Assert.Equal("k", Encoding.UTF8.GetString(letter.Key!));
        Assert.Equal(
            ["reason=not JSON", "source_topic=t", "source_partition=0", "source_offset=7", "value_left_out=true", "value_bytes=2000000", $"value_sha256={Convert.ToHexStringLower(SHA256.HashData(value))}"],
            letter.Headers.Select(header => $"{header.Key}={Encoding.UTF8.GetString(header.GetValueBytes())}"));
    }

    [Fact]
    public async Task A_message_with_a_key_that_is_too_long_goes_there_under_its_delivery()
    {
        _options.Client["message.max.bytes"] = "1000000";
        using var letters = new DeadLetterTopic(_options, _metrics, TimeProvider.System, NullLogger.Instance);

        await letters.WriteAsync(Message(8, new string('k', 1_500_000), []), "no key", _ => { }, CancellationToken.None);

        var letter = Assert.Single(_kafka.Read("t.dlq", 1)).Message;
        Assert.Equal(new Delivery("t", 0, 8).ToString(), Encoding.UTF8.GetString(letter.Key!));
    }

    [Fact]
    public async Task A_long_message_is_written_in_full_where_the_topic_takes_it()
    {
        using var letters = new DeadLetterTopic(_options, _metrics, TimeProvider.System, NullLogger.Instance);

        await letters.WriteAsync(Message(9, "k", new byte[2_000_000]), "not JSON", _ => { }, CancellationToken.None);

        Assert.Equal(2_000_000, Assert.Single(_kafka.Read("t.dlq", 1)).Message.Value!.Length);
    }

    [Fact]
    public async Task A_producer_that_cannot_write_any_more_is_closed_after_its_last_answer()
    {
        var built = new List<Producer>();
        using var letters = new DeadLetterTopic(
            _options,
            _ =>
            {
                var client = DispatchProxy.Create<IProducer<byte[]?, byte[]?>, Producer>();
                built.Add((Producer)(object)client);
                return client;
            },
            _metrics,
            TimeProvider.System,
            NullLogger.Instance);
        var broken = letters.WriteAsync(Message(1, "a", [1]), "r", _ => { }, CancellationToken.None);
        var other = letters.WriteAsync(Message(2, "b", [2]), "r", _ => { }, CancellationToken.None);
        var first = Assert.Single(built);

        first.Answers[0].SetException(new ProduceException<byte[]?, byte[]?>(new Error(ErrorCode.Local_Fatal, "lost its sequence", isFatal: true), new DeliveryResult<byte[]?, byte[]?>()));
        await Eventually.IsTrueAsync("a new producer writes it", () => built.Count == 2 && built[1].Answers.Count == 1);
        Assert.False(first.IsClosed);

        first.Answers[1].SetResult(new DeliveryResult<byte[]?, byte[]?>());
        built[1].Answers[0].SetResult(new DeliveryResult<byte[]?, byte[]?>());
        await broken;
        await other;
        Assert.True(first.IsClosed);
        Assert.False(built[1].IsClosed);
    }

    [Fact]
    public async Task Why_the_brokers_cannot_be_reached_is_said()
    {
        var nobody = new KafkaOptions { BootstrapServers = "127.0.0.1:1", Topic = "t", RequestTimeout = TimeSpan.FromSeconds(1) };
        using var topic = new KafkaTopic(nobody, TimeProvider.System, NullLogger.Instance);

        await Eventually.IsTrueAsync("the reason is said", async () => (await topic.TryRefreshAsync())?.Contains("refused", StringComparison.Ordinal) == true);
    }

    private static FeedMessage Message(long offset, string key, byte[] value, string? header = null) => new(
        new Delivery("t", 0, offset), Encoding.UTF8.GetBytes(key), value, HasValue: true, Headers: header is null ? null : [new KeyValuePair<string, byte[]?>(header, [1])]);

    /// <summary>A producer whose answers the test gives.</summary>
    public class Producer : DispatchProxy
    {
        public List<TaskCompletionSource<DeliveryResult<byte[]?, byte[]?>>> Answers { get; } = [];

        public bool IsClosed { get; private set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod!.Name == "Dispose")
            {
                IsClosed = true;
                return null;
            }

            Assert.Equal("ProduceAsync", targetMethod.Name);
            Answers.Add(new TaskCompletionSource<DeliveryResult<byte[]?, byte[]?>>(TaskCreationOptions.RunContinuationsAsynchronously));
            return Answers[^1].Task;
        }
    }
}
