using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.CdcIngest.Tests.Kafka;

/// <summary>From a topic of several partitions to the desks, to the cent, whoever owns the partitions.</summary>
public sealed class KafkaIngestTests
{
    private const int Partitions = 4;

    [Fact]
    public async Task A_snapshot_and_the_changes_after_it_arrive_in_full()
    {
        await using var world = await KafkaWorld.StartAsync(Partitions);
        Fill(world, 40);
        world.Book.Snapshot();
        await world.StartIngestAsync();
        await world.SnapshotsCompletedAsync(1);

        Change(world, 100, seed: 1);

        await world.BookIsHeldAsync();
        await world.IsInStateAsync(FeedState.Live);
    }

    [Fact]
    public async Task Two_ingests_share_the_partitions_of_a_running_flow()
    {
        await using var world = await KafkaWorld.StartAsync(Partitions);
        Fill(world, 40);
        world.Book.Snapshot();
        var first = await world.StartIngestAsync();
        Change(world, 100, seed: 1);
        await world.StartIngestAsync();
        Change(world, 200, seed: 2);
        await world.BookIsHeldAsync();

        await world.StopIngestAsync(first);
        Change(world, 100, seed: 3);

        await world.BookIsHeldAsync();
        await world.IsInStateAsync(FeedState.Live);
    }

    [Fact]
    public async Task A_partition_that_is_handed_over_within_a_snapshot_loses_nothing_of_it()
    {
        await using var world = await KafkaWorld.StartAsync(Partitions);
        Fill(world, 200);
        var rows = world.Book.SnapshotUnsent();
        world.Broker.Produce(KafkaWorld.Topic, rows.Take(90));
        var first = await world.StartIngestAsync();
        await world.IsInStateAsync(FeedState.Building);
        await world.StartIngestAsync();
        world.Broker.Produce(KafkaWorld.Topic, rows.Skip(90).Take(60));
        await world.StopIngestAsync(first);
        world.Broker.Produce(KafkaWorld.Topic, rows.Skip(150));
        Change(world, 50, seed: 4);

        await world.SnapshotsCompletedAsync(1);
        await world.BookIsHeldAsync();
        await world.IsInStateAsync(FeedState.Live);
    }

    [Fact]
    public async Task Positions_move_between_desks_and_change_their_keys_across_partitions()
    {
        await using var world = await KafkaWorld.StartAsync(Partitions);
        Fill(world, 20);
        world.Book.Snapshot();
        await world.StartIngestAsync();
        await world.StartIngestAsync();
        for (var i = 0; i < 20; i++)
        {
            world.Book.Put($"P{i}", $"Desk {(i + 1) % 5}", i);
            world.Book.Rename($"P{i}", $"R{i}");
            world.Book.Put($"R{i}", $"Desk {(i + 2) % 5}", i * 2);
        }

        await world.BookIsHeldAsync();
    }

    [Fact]
    public async Task An_empty_partition_passes_a_snapshot_at_its_end()
    {
        await using var world = await KafkaWorld.StartAsync(Partitions);
        world.Book.Put("A", "Desk 1", 5);
        world.Book.Put("E", "Desk 2", 7);
        Assert.Equal(world.Book.PartitionOf("A"), world.Book.PartitionOf("E"));
        world.Book.Snapshot();
        await world.StartIngestAsync();

        await world.SnapshotsCompletedAsync(1);
        await world.BookIsHeldAsync();
        await world.IsInStateAsync(FeedState.Live);
    }

    [Fact]
    public async Task An_ingest_that_starts_before_its_topic_waits_for_it()
    {
        await using var world = await KafkaWorld.StartAsync(Partitions);
        world.Broker.DeleteTopic(KafkaWorld.Topic);
        await world.StartIngestAsync();
        Assert.False(world.Readiness.IsReady);

        world.Broker.CreateTopic(KafkaWorld.Topic, Partitions);
        Fill(world, 10);

        await world.BookIsHeldAsync();
        Assert.True(world.Readiness.IsReady);
    }

    [Fact]
    public async Task An_ingest_is_ready_once_its_group_has_taken_it_in_and_stays_ready_without_brokers()
    {
        await using var world = await KafkaWorld.StartAsync(Partitions);
        world.Broker.FailNext(MockKafka.JoinGroupRequest, Confluent.Kafka.ErrorCode.GroupAuthorizationFailed);
        world.Broker.FailNext(MockKafka.JoinGroupRequest, Confluent.Kafka.ErrorCode.GroupAuthorizationFailed);
        await world.StartIngestAsync();
        Assert.False(world.Readiness.IsReady);

        await Eventually.IsTrueAsync("the ingest is ready", () => world.Readiness.IsReady);

        world.Broker.SetDown();
        Assert.True(world.Readiness.IsReady);
    }

    internal static void Fill(KafkaWorld world, int positions)
    {
        for (var i = 0; i < positions; i++)
        {
            world.Book.Put($"P{i}", $"Desk {i % 5}", 100 + i);
        }
    }

    internal static void Change(KafkaWorld world, int changes, int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < changes; i++)
        {
            var id = $"P{random.Next(60)}";
            world.Book.Put(id, $"Desk {random.Next(5)}", random.Next(-1000, 1000));
            if (random.Next(8) == 0)
            {
                world.Book.Delete(id);
            }
        }
    }
}
