using Microsoft.Extensions.Logging.Abstractions;
using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.CdcIngest.Kafka;
using RiskMonitor.CdcIngest.Pipeline;
using RiskMonitor.CdcIngest.Tests.Pipeline;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Tests.Kafka;

/// <summary>Where partitions end is known of each that has a leader, whatever happens to the others.</summary>
public sealed class PartitionEndsTests : IDisposable
{
    private readonly MockKafka _kafka = new();

    public void Dispose() => _kafka.Dispose();

    [Fact]
    public async Task A_partition_without_a_leader_hides_the_ends_of_no_other()
    {
        _kafka.CreateTopic("t", 2);
        var options = new KafkaOptions { BootstrapServers = _kafka.Servers, Topic = "t", RequestTimeout = TimeSpan.FromSeconds(1) };
        using var topic = new KafkaTopic(options, TimeProvider.System, NullLogger.Instance);
        await topic.WaitAsync(CancellationToken.None);
        var ends = new PartitionEnds(topic, new IngestMetrics(new Meters(), TimeProvider.System), TimeProvider.System);
        await using var first = new Heard(topic, options, 0);
        await using var second = new Heard(topic, options, 1);
        await ends.AskAsync([first.Partition, second.Partition]);
        await Eventually.IsTrueAsync("both are heard of", () => first.Times == 1 && second.Times == 1);

        _kafka.SetLeader("t", 0, hasLeader: false);
        var problems = new List<string>();
        await Eventually.IsTrueAsync("the other is heard of again and again", async () =>
        {
            if (await ends.AskAsync([first.Partition, second.Partition]) is { } problem)
            {
                problems.Add(problem);
            }

            return second.Times >= 5 && problems.Count > 0;
        });
        Assert.InRange(first.Times, 1, 2);

        _kafka.SetLeader("t", 0, hasLeader: true);
        var known = first.Times;
        try
        {
            await Eventually.IsTrueAsync("both are heard of again", async () =>
            {
                var problem = await ends.AskAsync([first.Partition, second.Partition]);
                if (problem is not null)
                {
                    problems.Add(problem);
                }

                return problem is null && first.Times > known;
            });
        }
        catch (TimeoutException timeout)
        {
            throw new TimeoutException($"{timeout.Message}: {problems.Count} problems, lately {string.Join(", ", problems.TakeLast(3))}");
        }
    }

    /// <summary>A partition, and how often it was caught up with.</summary>
    private sealed class Heard : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _reading;
        private int _times;

        public Heard(KafkaTopic topic, KafkaOptions options, int partition)
        {
            Partition = new KafkaPartition(new FeedPartition("t", partition), topic, new NoReader(), options, TimeProvider.System, new PartitionStart(0, null, IsAnew: false));
            _reading = ReadAsync();
        }

        public KafkaPartition Partition { get; }

        public int Times => Volatile.Read(ref _times);

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _stop.Dispose();
        }

        private async Task ReadAsync()
        {
            await foreach (FeedBatch batch in Partition.ReadAsync(new Dictionary<FeedPartition, long>(), _stop.Token))
            {
                Interlocked.Add(ref _times, batch.CaughtUp is null ? 0 : 1);
            }
        }
    }

    private sealed class NoReader : IKafkaReader
    {
        public void Begin(KafkaPartition partition, long offset)
        {
        }

        public void Resume(KafkaPartition partition)
        {
        }

        public void End(KafkaPartition partition)
        {
        }

        public Task<bool> IsAssignedAsync(int partition, CancellationToken cancellationToken) => Task.FromResult(true);

        public void Store(int partition, long offset)
        {
        }
    }
}
