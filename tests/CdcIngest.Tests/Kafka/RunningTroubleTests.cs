using Confluent.Kafka;
using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.CdcIngest.Tests.Kafka;

/// <summary>What happens to a topic while an ingest reads it.</summary>
public sealed class RunningTroubleTests
{
    private const int Partitions = 3;

    [Fact]
    public async Task A_partition_whose_offset_goes_out_of_range_is_read_on()
    {
        await using var world = await StartedAsync();

        world.Broker.FailNext(MockKafka.FetchRequest, ErrorCode.OffsetOutOfRange);
        await Eventually.IsTrueAsync("a partition was opened again", () => OpenedAgainAsync(world));

        KafkaIngestTests.Change(world, 100, seed: 1);
        await world.BookIsHeldAsync();
    }

    [Fact]
    public async Task A_topic_that_is_made_anew_with_less_than_was_read_is_read_from_its_beginning()
    {
        await using var world = await StartedAsync();

        Remake(world);
        world.Book.Put("P1", "Desk 1", 4711);
        await world.BookIsHeldAsync();
        Assert.Equal(FeedState.Unproven, (await world.StatusAsync()).State);

        KafkaIngestTests.Change(world, 100, seed: 1);
        await world.BookIsHeldAsync();
    }

    [Fact]
    public async Task A_topic_that_is_made_anew_with_more_than_was_read_is_read_from_its_beginning()
    {
        await using var world = await StartedAsync();

        Remake(world);
        // Positions of their own at the beginning, which a reader that goes on at its old offset passes over.
        for (var i = 0; i < 200; i++)
        {
            world.Book.Put($"N{i}", $"Desk {i % 5}", i);
        }

        await world.BookIsHeldAsync();
        await world.IsInStateAsync(FeedState.Unproven);
        Assert.Contains("made anew", string.Join('\n', (await world.StatusAsync()).Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flood_of_unreadable_messages_marks_the_feed_once()
    {
        await using var world = await StartedAsync();

        world.Broker.Produce(KafkaWorld.Topic, Enumerable.Range(0, 100).Select(number => (0, (byte[]?)null, (byte[]?)new byte[] { 0xFF, (byte)number })));

        await Eventually.IsTrueAsync(
            "all of them are stored", async () => await world.Cluster.Stored<IDeadLetterStore>().CountAsync(CancellationToken.None) == 100);
        Assert.Equal(100, world.Broker.Read(KafkaWorld.DeadLetters, 1).Count);
        Assert.Single((await world.RecordAsync()).Unproven);
    }

    private static void Remake(KafkaWorld world)
    {
        world.Broker.DeleteTopic(KafkaWorld.Topic);
        world.Broker.CreateTopic(KafkaWorld.Topic, Partitions);
    }

    private static async Task<bool> OpenedAgainAsync(KafkaWorld world) =>
        (await world.Checkpoints.ReadAsync(KafkaWorld.Topic, CancellationToken.None)).Any(row => row.Epoch >= 2);

    private static async Task<KafkaWorld> StartedAsync()
    {
        var world = await KafkaWorld.StartAsync(Partitions);
        KafkaIngestTests.Fill(world, 20);
        world.Book.Snapshot();
        await world.StartIngestAsync();
        await world.SnapshotsCompletedAsync(1);
        await world.BookIsHeldAsync();
        return world;
    }
}
