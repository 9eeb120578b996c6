using System.Text;
using Confluent.Kafka;
using RiskMonitor.Grains.Tests;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;

namespace RiskMonitor.CdcIngest.Tests.Kafka;

/// <summary>What happens to brokers, topics, owners, messages and desks is survived or said, and never passed over.</summary>
public sealed class KafkaTroubleTests
{
    private const int Partitions = 3;

    [Fact]
    public async Task An_owner_that_was_fenced_opens_its_partition_again_and_goes_on()
    {
        await using var world = await StartedAsync();
        foreach (var partition in Enumerable.Range(0, Partitions))
        {
            await world.Checkpoints.OpenAsync(KafkaWorld.Topic, $"{partition}", CancellationToken.None);
        }

        KafkaIngestTests.Change(world, 100, seed: 1);
        await world.BookIsHeldAsync();
        await Eventually.IsTrueAsync("each of them was refused", () => world.Checkpoints.Refused >= Partitions);

        KafkaIngestTests.Change(world, 100, seed: 2);
        await world.BookIsHeldAsync();
        await Eventually.IsTrueAsync("each of them has opened its partition again", async () =>
            (await world.Checkpoints.ReadAsync(KafkaWorld.Topic, CancellationToken.None)).All(row => row.Epoch >= 3));
        await world.IsInStateAsync(FeedState.Live);
    }

    [Fact]
    public async Task A_broker_that_goes_and_comes_back_costs_nothing()
    {
        await using var world = await StartedAsync();
        KafkaIngestTests.Change(world, 50, seed: 1);
        world.Broker.SetDown();
        var changes = world.Book.PutUnsent("P1", "Desk 1", 77);
        world.Broker.SetUp();
        world.Broker.Produce(KafkaWorld.Topic, changes);

        await world.BookIsHeldAsync();
        await world.IsInStateAsync(FeedState.Live);
    }

    [Fact]
    public async Task Messages_that_expired_unread_make_the_feed_unproven()
    {
        await using var world = await StartedAsync(out var ingest);
        await world.StopIngestAsync(await ingest);
        world.Book.Put("P1", "Desk 1", 1);
        var partition = world.Book.PartitionOf("P1");
        world.Book.Put("P1", "Desk 1", 2);
        var end = world.Broker.Read(KafkaWorld.Topic, Partitions).Where(message => message.Partition.Value == partition).Max(message => message.Offset.Value) + 1;
        world.Broker.Expire(KafkaWorld.Topic, partition, end - 1);

        await world.StartIngestAsync();

        await world.IsInStateAsync(FeedState.Unproven);
        Assert.Contains("expired unread", string.Join('\n', (await world.StatusAsync()).Reasons), StringComparison.Ordinal);
        await world.BookIsHeldAsync();
    }

    [Fact]
    public async Task A_topic_that_is_made_anew_is_read_from_its_beginning_and_is_unproven_until_its_snapshot()
    {
        await using var world = await StartedAsync(out var ingest);
        await world.StopIngestAsync(await ingest);
        world.Broker.DeleteTopic(KafkaWorld.Topic);
        world.Broker.CreateTopic(KafkaWorld.Topic, Partitions);

        await world.StartIngestAsync();
        await world.IsInStateAsync(FeedState.Unproven);
        world.Book.Put("P1", "Desk 1", 4711);
        await world.BookIsHeldAsync();

        world.Book.ForgetUnseen("P2");
        world.Book.Snapshot();
        await world.SnapshotsCompletedAsync(2);
        await world.BookIsHeldAsync();
        await world.IsInStateAsync(FeedState.Live);
    }

    [Fact]
    public async Task A_message_that_cannot_be_read_goes_to_the_dead_letters_as_it_came()
    {
        await using var world = await StartedAsync();
        var value = new byte[] { 0xFF, 0x00, (byte)'{' };
        var offset = await world.Broker.ProduceAsync(KafkaWorld.Topic, 1, "k"u8.ToArray(), value, [new Header("h", "v"u8.ToArray())]);
        await world.IsInStateAsync(FeedState.Unproven);

        var letter = Assert.Single(world.Broker.Read(KafkaWorld.DeadLetters, 1));
        Assert.Equal("k"u8.ToArray(), letter.Message.Key);
        Assert.Equal(value, letter.Message.Value);
        Assert.Equal("v", Header("h"));
        Assert.Equal(KafkaWorld.Topic, Header("source_topic"));
        Assert.Equal("1", Header("source_partition"));
        Assert.Equal($"{offset}", Header("source_offset"));
        Assert.NotEmpty(Header("reason"));
        Assert.Equal(1, await world.Cluster.Stored<IDeadLetterStore>().CountAsync(CancellationToken.None));
        KafkaIngestTests.Change(world, 20, seed: 1);
        await world.BookIsHeldAsync();

        string Header(string name) => Encoding.UTF8.GetString(letter.Message.Headers.GetLastBytes(name));
    }

    [Fact]
    public async Task A_partition_waits_while_its_dead_letter_cannot_be_written_and_the_others_go_on()
    {
        await using var world = await StartedAsync();
        world.Broker.Refuse(KafkaWorld.DeadLetters, ErrorCode.TopicAuthorizationFailed);
        var partition = world.Book.PartitionOf("P1");
        await world.Broker.ProduceAsync(KafkaWorld.Topic, partition, null, [0xFF]);
        world.Book.Put("P1", "Waits", 1);
        var free = Enumerable.Range(2, 50).Select(number => $"P{number}").First(id => world.Book.PartitionOf(id) != partition);
        world.Book.Put(free, "Goes on", 2);

        await Eventually.IsTrueAsync("the other partition goes on", async () => (await world.Cluster.ReadAsync("Goes on")).Totals.Count == 1);
        await Eventually.IsTrueAsync("it is said", async () => (await world.StatusAsync()).Reasons.Any(reason => reason.Contains("waits for the topic", StringComparison.Ordinal)));
        Assert.Equal(0, (await world.Cluster.ReadAsync("Waits")).Totals.Count);

        world.Broker.Refuse(KafkaWorld.DeadLetters, null);
        await world.BookIsHeldAsync();
    }

    [Fact]
    public async Task A_desk_that_fails_holds_up_its_partition_within_bounds_and_nothing_else()
    {
        var isSick = true;
        var prepared = RiskCluster.Prepare();
        prepared.WrapJournal = journal => new SickJournal(journal, desk => isSick && desk == "Sick");
        await using var world = await KafkaWorld.StartAsync(Partitions, prepared);
        world.Kafka.MaxBufferedMessages = 50;
        world.Ingest.MaxWaitingPerDesk = 50;
        await world.StartIngestAsync();
        for (var i = 0; i < 300; i++)
        {
            world.Book.Put("A", "Sick", i);
            world.Book.Put("B", "Well", i);
        }

        Assert.NotEqual(world.Book.PartitionOf("A"), world.Book.PartitionOf("B"));
        await Eventually.IsTrueAsync("the other desk has all of its changes", async () => (await world.Cluster.ReadAsync("Well")).Totals.Net == 299);
        await Eventually.IsTrueAsync("the partition is paused", async () => (await world.StatusAsync()).Reasons.Any(reason => reason.Contains("paused", StringComparison.Ordinal)));
        Assert.All((await world.StatusAsync()).Desks, doubt => Assert.Equal("Sick", doubt.Desk));

        isSick = false;
        await world.BookIsHeldAsync();
        await world.IsInStateAsync(FeedState.Live);
    }

    private static Task<KafkaWorld> StartedAsync() => StartedAsync(out _);

    private static Task<KafkaWorld> StartedAsync(out Task<CdcIngest.Kafka.KafkaIngestService> ingest)
    {
        var started = new TaskCompletionSource<CdcIngest.Kafka.KafkaIngestService>();
        ingest = started.Task;
        return RunAsync();

        async Task<KafkaWorld> RunAsync()
        {
            var world = await KafkaWorld.StartAsync(Partitions);
            KafkaIngestTests.Fill(world, 20);
            world.Book.Snapshot();
            started.SetResult(await world.StartIngestAsync());
            await world.SnapshotsCompletedAsync(1);
            await world.BookIsHeldAsync();
            return world;
        }
    }

    /// <summary>Some desks cannot write.</summary>
    private sealed class SickJournal(IDeskJournal journal, Func<string, bool> isSick) : IDeskJournal
    {
        public async Task<OpenedDesk> OpenAsync(string desk, CancellationToken cancellationToken)
        {
            var opened = await journal.OpenAsync(desk, cancellationToken);
            return opened with { Writer = new Writer(opened.Writer, () => isSick(desk)) };
        }

        public Task SentAsync(Guid alertId, long sequence, CancellationToken cancellationToken) => journal.SentAsync(alertId, sequence, cancellationToken);

        private sealed class Writer(IDeskJournalWriter writer, Func<bool> isSick) : IDeskJournalWriter
        {
            public Task AppendAsync(JournalRecord record, CancellationToken cancellationToken) =>
                isSick() ? Task.FromException(new IOException("the disk is full")) : writer.AppendAsync(record, cancellationToken);

            public Task<bool> FoldAsync(DeskFold fold, CancellationToken cancellationToken) => writer.FoldAsync(fold, cancellationToken);

            public bool IsSuperseded(JournalHead head) => writer.IsSuperseded(head);
        }
    }
}
