using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using RiskMonitor.CdcIngest.Kafka;
using RiskMonitor.Silo.Publishing;

namespace RiskMonitor.CdcIngest.Tests.Publishing;

/// <summary>From the stored messages to the topic, over a broker on sockets.</summary>
public sealed class PublisherTests : IDisposable
{
    private const int Partitions = 3;

    private readonly MockKafka _broker = new();
    private readonly InMemoryOutbox _outbox = new();
    private readonly AlertTopicOptions _options;

    public PublisherTests()
    {
        _options = new AlertTopicOptions { BootstrapServers = _broker.Servers, RequestTimeout = TimeSpan.FromSeconds(2) };
        _options.Client["reconnect.backoff.max.ms"] = "200";
        _broker.CreateTopic(_options.AlertTopic, Partitions);
    }

    public void Dispose() => _broker.Dispose();

    [Fact]
    public async Task Messages_of_one_alert_are_published_in_their_order_under_its_id()
    {
        _outbox.Fill(alerts: 20, each: 15);
        await using var publisher = Start();

        await IsEmptyAsync();

        var seen = SeenMessage.Read(_broker, _options.AlertTopic, Partitions);
        Assert.Equal(300, seen.Count);
        Assert.All(seen.GroupBy(message => message.Key), alert => Assert.Equal(Enumerable.Range(1, 15).Select(n => (long)n), alert.Select(message => message.Sequence)));
        var headers = seen[0].Headers;
        Assert.Equal(("1.0", "risk.alert.opened", "application/json", "desk"), (headers["ce_specversion"], headers["ce_type"], headers["content-type"], headers["clearance"]));
        Assert.Equal((seen[0].Key, InMemoryOutbox.TraceParent), (headers["ce_subject"], headers["traceparent"]));
    }

    [Fact]
    public async Task A_publisher_that_is_killed_before_it_could_remove_what_it_published_has_a_successor_that_repeats_it()
    {
        _outbox.Fill(alerts: 5, each: 10);
        _outbox.StopsBeforeRemoving = true;
        var killed = Start();
        await _outbox.Stopped.Task;

        // It never hears of anything again, as a killed process would not; its successor finds everything.
        _outbox.StopsBeforeRemoving = false;
        _outbox.Fill(alerts: 5, each: 3);
        await using var successor = Start();
        await IsEmptyAsync();

        var seen = SeenMessage.Read(_broker, _options.AlertTopic, Partitions);
        Assert.Equal(50 + 50 + 15, seen.Count);
        var kept = SeenMessage.WithoutRepeats(seen);
        Assert.All(kept.GroupBy(message => message.Key), alert => Assert.Equal(Enumerable.Range(1, 13).Select(n => (long)n), alert.Select(message => message.Sequence)));
        Assert.Equal(65, kept.Count);
        _outbox.Release();
        await killed.DisposeAsync();
    }

    /// <summary>The broker of these tests fences nobody off, so that it is told to answer as real ones do.</summary>
    [Theory]
    [InlineData(MockKafka.AddPartitionsRequest, ErrorCode.ProducerFenced)]
    [InlineData(MockKafka.AddPartitionsRequest, ErrorCode.InvalidProducerEpoch)]
    [InlineData(MockKafka.EndTransactionRequest, ErrorCode.ProducerFenced)]
    [InlineData(MockKafka.EndTransactionRequest, ErrorCode.InvalidProducerEpoch)]
    public async Task A_publisher_that_brokers_have_replaced_by_another_one_ends_and_does_not_open_itself_again(short request, ErrorCode refusal)
    {
        await using var publisher = Start();
        _outbox.Add(InMemoryOutbox.Message("A", 1));
        await IsEmptyAsync();

        _broker.FailNext(request, refusal);
        _outbox.Add(InMemoryOutbox.Message("A", 2));

        await Eventually.IsTrueAsync("the publisher has ended", () => publisher.Ended.IsCompleted);
        Assert.Equal(1, _outbox.Count);
    }

    [Fact]
    public async Task Brokers_that_are_away_delay_messages_and_lose_none()
    {
        _broker.SetDown();
        using var metrics = new ListeningMeters();
        _outbox.Fill(alerts: 3, each: 2);
        await using var publisher = Start(metrics);
        await Eventually.IsTrueAsync("an attempt has failed", () => metrics.Sum("topic_messages_total", "failed") > 0);
        await Eventually.IsTrueAsync("the lag is shown", () => metrics.Observed("topic_lag") == 6);
        Assert.Equal(6, _outbox.Count);

        _broker.SetUp();
        await IsEmptyAsync();

        await Eventually.IsTrueAsync("there is no lag any more", () => metrics.Observed("topic_lag") == 0);
        Assert.Equal(6, SeenMessage.WithoutRepeats(SeenMessage.Read(_broker, _options.AlertTopic, Partitions)).Count);
    }

    [Fact]
    public async Task A_message_that_brokers_never_take_holds_up_no_other_one()
    {
        using var metrics = new ListeningMeters();
        _outbox.Fill(alerts: 3, each: 2);
        _outbox.Add(InMemoryOutbox.Message("alert-1", 3) with { Body = $"{{\"text\":\"{new string('x', 2_000_000)}\"}}" });
        _outbox.Add(InMemoryOutbox.Message("alert-1", 4));
        await using var publisher = Start(metrics);

        await IsEmptyAsync();

        Assert.Equal(7, SeenMessage.WithoutRepeats(SeenMessage.Read(_broker, _options.AlertTopic, Partitions)).Count);
        Assert.Equal(1, metrics.Sum("topic_messages_total", "refused"));
    }

    [Fact]
    public async Task What_could_not_be_published_for_long_is_given_up_and_counted()
    {
        _broker.SetDown();
        using var metrics = new ListeningMeters();
        _outbox.Fill(alerts: 2, each: 2);
        var clock = new FakeTimeProvider(InMemoryOutbox.At + TimeSpan.FromDays(8));
        await using var publisher = Start(metrics, clock);

        await IsEmptyAsync();

        Assert.Equal(4, metrics.Sum("topic_messages_total", "expired"));
    }

    private Task IsEmptyAsync() => Eventually.IsTrueAsync("everything is published", () => _outbox.Count == 0);

    private RunningPublisher Start(ListeningMeters? meters = null, TimeProvider? clock = null)
    {
        var options = new PublisherOptions(TimeSpan.FromMilliseconds(10), TimeSpan.FromDays(7)) { UpkeepInterval = TimeSpan.FromMilliseconds(50), LongestRetry = TimeSpan.FromMilliseconds(200) };
        var time = clock ?? TimeProvider.System;
        return new RunningPublisher(new Publisher(
            _outbox,
            new KafkaRiskTopic(_options, "test"),
            options,
            new PublisherMetrics(meters ?? new ListeningMeters(), time),
            time,
            NullLogger<Publisher>.Instance));
    }

    private sealed class RunningPublisher : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();

        public RunningPublisher(Publisher publisher) => Ended = Task.Run(() => publisher.RunAsync(_stop.Token));

        public Task Ended { get; }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Ended;
            _stop.Dispose();
        }
    }
}
