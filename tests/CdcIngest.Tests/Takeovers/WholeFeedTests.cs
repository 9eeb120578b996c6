using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.CdcIngest.Pipeline;
using RiskMonitor.CdcIngest.Tests.Pipeline;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Grains.Tests;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Tests.Takeovers;

/// <summary>One pipeline reads all partitions of a feed, and a desk that took nothing has held its checkpoint up: the next run reads several snapshots again.</summary>
public sealed class WholeFeedTests
{
    private const int Seeds = 12;

    [Fact]
    public async Task A_run_that_reads_snapshots_again_begins_none_that_a_newer_one_has_replaced()
    {
        await using var cluster = await RiskCluster.StartAsync(netLimit: 1_000_000_000m);
        var topics = Enumerable.Range(1, Seeds).Select(seed => (Seed: seed, Topic: new HandedOverTopic(seed, string.Create(CultureInfo.InvariantCulture, $"w{seed}")))).ToList();
        Assert.Contains(topics, drawn => drawn.Topic.Snapshots > 1);
        foreach (var (seed, topic) in topics)
        {
            var feed = cluster.Grains.GetGrain<IFeedGrain>(topic.Name);
            await RunAsync(cluster, topic, new NoCheckpoints(feed), seed);
            await IsHeldAsync();
            var generation = (await feed.OpenAsync()).Snapshot.Generation;

            await RunAsync(cluster, topic, feed, seed + 1);

            await IsHeldAsync();
            var record = await feed.OpenAsync();
            Assert.Equal((generation, false), (record.Snapshot.Generation, record.Snapshot.IsBuilding));
            Assert.Empty(record.Unproven);

            async Task IsHeldAsync()
            {
                foreach (var desk in Enumerable.Range(0, 4).Select(number => $"{topic.Name}/D{number}"))
                {
                    var view = await cluster.ReadAsync(desk);
                    Assert.Equal((seed, desk, topic.Desks.GetValueOrDefault(desk)), (seed, desk, (view.Totals.Count, view.Totals.Net)));
                }
            }
        }
    }

    private static Task RunAsync(RiskCluster cluster, HandedOverTopic topic, IFeedGrain feed, int seed) => new IngestPipeline(
        new WholeTopic(topic, new Random(seed)),
        feed,
        desk => cluster.Grains.GetGrain<IDeskRiskGrain>(desk),
        new DebeziumDecoder(new DebeziumOptions()),
        new OwnDesks(cluster.Stored<IPositionDirectory>(), topic.Name),
        new NoDeadLetters(),
        new IngestOptions { CheckpointInterval = TimeSpan.Zero },
        new IngestMetrics(new Meters(), TimeProvider.System),
        TimeProvider.System,
        NullLogger.Instance).RunAsync(CancellationToken.None);

    /// <summary>A desk that takes nothing holds up checkpoints.</summary>
    private sealed class NoCheckpoints(IFeedGrain feed) : IFeedGrain
    {
        public Task<FeedRecord> OpenAsync() => feed.OpenAsync();

        public Task CheckpointAsync(FeedCheckpoint checkpoint) => Task.CompletedTask;

        public Task<SnapshotProgress> BeginSnapshotAsync(SnapshotOrigin origin, IReadOnlyList<FeedPartition> partitions) => feed.BeginSnapshotAsync(origin, partitions);

        public Task<SnapshotProgress> PassSnapshotAsync(int generation, IReadOnlyList<FeedPartition> partitions, Delivery? lastRow, IReadOnlyList<string>? waiting = null) =>
            feed.PassSnapshotAsync(generation, partitions, lastRow, waiting);

        public Task MarkUnprovenAsync(UnprovenMark mark) => feed.MarkUnprovenAsync(mark);

        public Task ClearUnprovenAsync(string positionId) => feed.ClearUnprovenAsync(positionId);

        public Task OnHeartbeatAsync(DateTimeOffset at) => feed.OnHeartbeatAsync(at);

        public Task ReportAsync(FeedReport report) => feed.ReportAsync(report);

        public Task<FeedStatus> StatusAsync(string? desk) => feed.StatusAsync(desk);
    }

    /// <summary>All partitions, some messages of each in turn, to their ends.</summary>
    private sealed class WholeTopic(HandedOverTopic topic, Random random) : IChangeFeed
    {
        public string Name => topic.Name;

        public bool IsTotallyOrdered => false;

        private IReadOnlyList<FeedPartition> All => [.. Enumerable.Range(0, topic.Partitions).Select(partition => new FeedPartition(topic.Name, partition))];

        public Task<IReadOnlyList<FeedPartition>> PartitionsAsync(CancellationToken cancellationToken) => Task.FromResult(All);

        public async IAsyncEnumerable<FeedBatch> ReadAsync(IReadOnlyDictionary<FeedPartition, long> from, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.CompletedTask;
            var next = All.Select(partition => (int)from.GetValueOrDefault(partition)).ToArray();
            while (All.Where(partition => next[partition.Partition] < topic.Of(partition.Partition).Count).ToList() is { Count: > 0 } left)
            {
                var partition = left[random.Next(left.Count)].Partition;
                var some = topic.Of(partition).Skip(next[partition]).Take(random.Next(1, 10)).ToList();
                next[partition] += some.Count;
                yield return new FeedBatch(some, [], DateTimeOffset.UtcNow);
            }
        }

        public Task CommitAsync(IReadOnlyDictionary<FeedPartition, long> next, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
