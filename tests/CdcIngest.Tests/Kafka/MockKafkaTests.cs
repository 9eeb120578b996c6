using Microsoft.Extensions.Logging.Abstractions;
using RiskMonitor.CdcIngest.Kafka;

namespace RiskMonitor.CdcIngest.Tests.Kafka;

/// <summary>What the broker of the tests, and the topic as it is seen through the client, can do.</summary>
public sealed class MockKafkaTests : IDisposable
{
    private readonly MockKafka _kafka = new();

    public void Dispose() => _kafka.Dispose();

    [Fact]
    public async Task A_topic_says_its_partitions_and_where_they_begin_and_end()
    {
        _kafka.CreateTopic("t", 3);
        await _kafka.ProduceAsync("t", 1, "a"u8.ToArray(), "b"u8.ToArray());
        using var topic = new KafkaTopic(new KafkaOptions { BootstrapServers = _kafka.Servers, Topic = "t" }, TimeProvider.System, NullLogger.Instance);

        await topic.WaitAsync(CancellationToken.None);

        Assert.Equal([0, 1, 2], topic.Members.Select(member => member.Partition));
        Assert.Equal([0L, 1, 0], (await topic.OffsetsAsync([0, 1, 2], ends: true)).OrderBy(end => end.Key).Select(end => end.Value));
        Assert.Equal([0L, 0, 0], (await topic.OffsetsAsync([0, 1, 2], ends: false)).OrderBy(end => end.Key).Select(end => end.Value));
    }

    [Fact]
    public async Task A_topic_that_is_made_anew_has_another_identity()
    {
        _kafka.CreateTopic("t", 1);
        using var topic = new KafkaTopic(new KafkaOptions { BootstrapServers = _kafka.Servers, Topic = "t" }, TimeProvider.System, NullLogger.Instance);
        await topic.WaitAsync(CancellationToken.None);
        var before = topic.Identity;

        _kafka.DeleteTopic("t");
        _kafka.CreateTopic("t", 1);
        Assert.Null(await topic.TryRefreshAsync());

        Assert.NotNull(before.Id);
        Assert.NotEqual(before.Id, topic.Identity.Id);
    }
}
