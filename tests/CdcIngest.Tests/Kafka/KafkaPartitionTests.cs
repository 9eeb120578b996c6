using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.CdcIngest.Kafka;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Tests.Kafka;

/// <summary>What lies between the consumer's thread and a pipeline.</summary>
public sealed class KafkaPartitionTests : IDisposable
{
    private static readonly FeedPartition Id = new("t", 0);
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private readonly KafkaOptions _options = new() { BootstrapServers = "localhost:1", Topic = "t", MaxBufferedMessages = 10 };
    private readonly KafkaTopic _topic;
    private readonly Reader _reader = new();
    private readonly KafkaPartition _partition;

    public KafkaPartitionTests()
    {
        _topic = new KafkaTopic(_options, TimeProvider.System, NullLogger.Instance);
        _partition = new KafkaPartition(Id, _topic, _reader, _options, TimeProvider.System, new PartitionStart(100, null, IsAnew: false));
    }

    public void Dispose() => _topic.Dispose();

    [Fact]
    public async Task A_full_buffer_pauses_the_partition_and_one_that_has_been_taken_resumes_it()
    {
        var answers = Enumerable.Range(0, 10).Select(number => _partition.Add(Message(100 + number), _ => 0)).ToList();
        Assert.Equal([.. Enumerable.Repeat(true, 9), false], answers);
        Assert.True(_partition.IsPaused);

        await using var reading = await ReadingAsync();
        Assert.True(await reading.MoveNextAsync());

        Assert.Equal(10, reading.Current.Messages.Count);
        Assert.False(_partition.IsPaused);
        Assert.Equal(1, _reader.Resumed);
    }

    [Fact]
    public void A_buffer_is_also_full_by_its_bytes()
    {
        _options.MaxBufferedBytes = 1_000;

        Assert.True(_partition.Add(Message(100), _ => 0));
        Assert.False(_partition.Add(Message(101, new string('x', 900)), _ => 0));
    }

    [Fact]
    public async Task More_follows_while_the_client_has_messages_that_it_did_not_hand_over_yet()
    {
        var asked = 0;
        await using var reading = await ReadingAsync();

        Assert.True(await MoreFollowsAsync(100, end: 103));
        Assert.True(await MoreFollowsAsync(101, end: 103));
        Assert.False(await MoreFollowsAsync(102, end: 103));
        Assert.Equal(2, asked);

        Assert.True(await MoreFollowsAsync(103, end: 105));
        // What lies before the end is no message: the mark of a transaction.
        _partition.AtEnd(105);
        Assert.False(await MoreFollowsAsync(105, end: 106));

        async Task<bool> MoreFollowsAsync(long offset, long end)
        {
            _partition.Add(Message(offset), _ =>
            {
                asked++;
                return end;
            });
            Assert.True(await reading.MoveNextAsync());
            return reading.Current.MoreFollows;
        }
    }

    [Fact]
    public async Task Messages_from_before_the_start_are_not_taken()
    {
        _partition.Add(Message(99), _ => 0);
        _partition.Add(Message(100), _ => 0);

        await using var reading = await ReadingAsync();
        Assert.True(await reading.MoveNextAsync());

        Assert.Equal([100L], reading.Current.Messages.Select(message => message.Delivery.Offset));
    }

    [Fact]
    public async Task An_end_is_reached_after_the_messages_before_it_and_dates_from_when_it_was_asked_for()
    {
        _partition.OnEnd(102, Noon);
        _partition.OnEnd(103, Noon.AddSeconds(1));
        _partition.Add(Message(100), _ => 0);
        _partition.Add(Message(101), _ => 0);

        await using var reading = await ReadingAsync();
        Assert.True(await reading.MoveNextAsync());

        Assert.Equal(2, reading.Current.Messages.Count);
        Assert.Equal((Id, Noon), reading.Current.CaughtUp);
        Assert.Equal([Id], reading.Current.EndsReached);
    }

    [Fact]
    public async Task An_end_behind_marks_of_transactions_is_reached_by_the_clients_word()
    {
        _partition.OnEnd(101, Noon);
        _partition.AtEnd(101);

        await using var reading = await ReadingAsync();
        Assert.True(await reading.MoveNextAsync());

        Assert.Empty(reading.Current.Messages);
        Assert.Equal((Id, Noon), reading.Current.CaughtUp);
    }

    [Fact]
    public async Task It_says_how_far_it_is_done_and_where_it_ends_as_soon_as_a_broker_has_said_that()
    {
        Assert.Equal((100L, null), _partition.OffsetsOf(Id));

        _partition.OnEnd(105, Noon);
        await _partition.CommitAsync(new Dictionary<FeedPartition, long> { [Id] = 102 }, default);

        Assert.Equal((102L, 105L), _partition.OffsetsOf(Id));
        Assert.Equal((null, null), _partition.OffsetsOf(new FeedPartition(Id.Topic, Id.Partition + 1)));
    }

    [Fact]
    public async Task What_interrupts_the_partition_ends_its_reading_with_the_reason()
    {
        await using var reading = await ReadingAsync();
        _partition.Interrupt("offsets have expired");

        var interrupted = await Assert.ThrowsAsync<FeedInterruptedException>(async () => await reading.MoveNextAsync());

        Assert.Contains("offsets have expired", interrupted.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_opening_that_was_cancelled_takes_the_reading_from_no_later_one()
    {
        using var taken = new CancellationTokenSource();
        await using var reading = _partition.ReadAsync(new Dictionary<FeedPartition, long>(), taken.Token).GetAsyncEnumerator(taken.Token);
        Assert.True(await reading.MoveNextAsync());

        await taken.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await reading.MoveNextAsync());
        Assert.Equal(0, _reader.Begun);
    }

    private static ConsumeResult<byte[]?, byte[]?> Message(long offset, string value = "v") => new()
    {
        TopicPartitionOffset = new TopicPartitionOffset("t", 0, offset),
        Message = new Message<byte[]?, byte[]?> { Key = "k"u8.ToArray(), Value = Encoding.UTF8.GetBytes(value) },
    };

    /// <summary>Behind the first batch, which only says what was lost.</summary>
    private async Task<IAsyncEnumerator<FeedBatch>> ReadingAsync()
    {
        var reading = _partition.ReadAsync(new Dictionary<FeedPartition, long>(), CancellationToken.None).GetAsyncEnumerator();
        Assert.True(await reading.MoveNextAsync());
        Assert.Empty(reading.Current.Messages);
        return reading;
    }

    private sealed class Reader : IKafkaReader
    {
        public int Resumed { get; private set; }

        public int Begun { get; private set; }

        public void Begin(KafkaPartition partition, long offset)
        {
            Assert.Equal(100, offset);
            Begun++;
        }

        public void Resume(KafkaPartition partition) => Resumed++;

        public void End(KafkaPartition partition)
        {
        }

        public Task<bool> IsAssignedAsync(int partition, CancellationToken cancellationToken) => Task.FromResult(true);

        public void Store(int partition, long offset)
        {
        }
    }
}
