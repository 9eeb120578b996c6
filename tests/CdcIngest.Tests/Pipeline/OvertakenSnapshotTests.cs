using Microsoft.Extensions.Logging.Abstractions;
using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.CdcIngest.Pipeline;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Grains.Tests;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Tests.Pipeline;

/// <summary>The owner of one partition has not heard yet that the owner of another one has begun a newer snapshot.</summary>
public sealed class OvertakenSnapshotTests
{
    private static readonly DateTimeOffset s_noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly FeedPartition[] s_partitions = [new(RiskCluster.Feed, 0), new(RiskCluster.Feed, 1)];

    [Fact]
    public async Task A_partition_that_passes_a_snapshot_which_was_replaced_takes_up_the_newer_one_as_a_whole()
    {
        await using var cluster = await RiskCluster.StartAsync();
        var feed = cluster.Grains.GetGrain<IFeedGrain>(RiskCluster.Feed);
        var coordinator = cluster.Grains.GetGrain<IFeedCoordinatorGrain>(RiskCluster.Feed);
        await coordinator.BeginSnapshotAsync(Origin(100), s_partitions, known: 0);
        var order = new PartitionOrder(s_partitions[0]);
        var reading = await ReadingAsync(feed, coordinator);
        await ReadAsync(reading, order, SnapshotMark.First, 100);
        await coordinator.BeginSnapshotAsync(Origin(300), s_partitions, known: 1);

        await ReadAsync(reading, order, SnapshotMark.None, 200);
        await reading.AdoptAsync(await coordinator.ProgressAsync(), order);

        Assert.Equal(2, reading.Generation);
        Assert.True(reading.IsOlderThanSnapshot(Row(SnapshotMark.None, 200)));
        await ReadAsync(reading, order, SnapshotMark.None, 400);
        Assert.Equal([s_partitions[1]], (await feed.OpenAsync()).Building);
    }

    [Fact]
    public async Task A_snapshot_that_is_taken_after_the_log_was_reset_replaces_one_that_was_broken_off()
    {
        await using var cluster = await RiskCluster.StartAsync();
        var feed = cluster.Grains.GetGrain<IFeedGrain>(RiskCluster.Feed);
        var order = new PartitionOrder(s_partitions[0]);
        var reading = await ReadingAsync(feed, cluster.Grains.GetGrain<IFeedCoordinatorGrain>(RiskCluster.Feed));
        await ReadAsync(reading, order, SnapshotMark.First, 100_000);

        await ReadAsync(reading, order, SnapshotMark.First, 50, later: TimeSpan.FromHours(1));

        Assert.Equal(2, reading.Generation);
        Assert.False(reading.IsOlderThanSnapshot(Row(SnapshotMark.First, 50)));
        Assert.False((await feed.OpenAsync()).KeepsNewer);
    }

    [Fact]
    public async Task An_answer_from_before_the_end_of_a_snapshot_does_not_begin_it_again()
    {
        await using var cluster = await RiskCluster.StartAsync();
        var feed = cluster.Grains.GetGrain<IFeedGrain>(RiskCluster.Feed);
        var coordinator = cluster.Grains.GetGrain<IFeedCoordinatorGrain>(RiskCluster.Feed);
        await coordinator.BeginSnapshotAsync(Origin(100), s_partitions, known: 0);
        await feed.PassSnapshotAsync(1, [s_partitions[1]], null);
        var order = new PartitionOrder(s_partitions[0]);
        var reading = await ReadingAsync(feed, coordinator);
        var asked = await coordinator.ProgressAsync();
        await ReadAsync(reading, order, SnapshotMark.First, 100);
        await ReadAsync(reading, order, SnapshotMark.None, 200);
        Assert.False(reading.Progress.IsBuilding);

        await reading.AdoptAsync(asked, order);

        Assert.False(reading.Progress.IsBuilding);
    }

    [Fact]
    public async Task A_row_of_an_incremental_snapshot_is_superseded_by_a_complete_one_that_was_taken_after_it()
    {
        await using var cluster = await RiskCluster.StartAsync();
        var feed = cluster.Grains.GetGrain<IFeedGrain>(RiskCluster.Feed);
        var coordinator = cluster.Grains.GetGrain<IFeedCoordinatorGrain>(RiskCluster.Feed);
        await coordinator.BeginSnapshotAsync(Origin(100), s_partitions, known: 0);
        await feed.PassSnapshotAsync(1, s_partitions, null);

        var reading = await ReadingAsync(feed, coordinator);

        Assert.True(reading.IsOlderThanSnapshot(Row(SnapshotMark.Incremental, 50)));
        Assert.False(reading.IsOlderThanSnapshot(Row(SnapshotMark.Incremental, 150)));
    }

    private static SnapshotOrigin Origin(long at) => new(new SourcePosition("binlog", 1, at, 0), s_noon.AddMilliseconds(at));

    private static DecodedMessage.Row Row(SnapshotMark mark, long at, TimeSpan later = default) =>
        new("P1", null, null, mark, Origin(at).Source, null, new SourceTime(Origin(at).At!.Value + later, false, null), MarksDeletes: true);

    private static async Task<SnapshotReading> ReadingAsync(IFeedGrain feed, IFeedCoordinatorGrain coordinator)
    {
        var dispatcher = new DeskDispatcher(
            RiskCluster.Feed, true, _ => throw new InvalidOperationException(), new IngestOptions(), new IngestMetrics(new Meters(), TimeProvider.System), TimeProvider.System, NullLogger.Instance, CancellationToken.None);
        return new SnapshotReading(
            feed, new TwoPartitions(), dispatcher, TimeSpan.FromSeconds(5), await feed.OpenAsync(), new OwnedPartition(s_partitions[0], coordinator, null!, null!, (_, _, _, _) => Task.CompletedTask));
    }

    private static async Task ReadAsync(SnapshotReading reading, PartitionOrder order, SnapshotMark mark, long at, TimeSpan later = default)
    {
        var row = Row(mark, at, later);
        Assert.Equal(RowVerdict.New, order.Judge(row, null));
        await reading.OnRowAsync(row, new Delivery(RiskCluster.Feed, 0, at), order, s_noon);
    }

    private sealed class TwoPartitions : IChangeFeed
    {
        public string Name => RiskCluster.Feed;

        public bool IsTotallyOrdered => true;

        public Task<IReadOnlyList<FeedPartition>> PartitionsAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<FeedPartition>>(s_partitions);

        public IAsyncEnumerable<FeedBatch> ReadAsync(IReadOnlyDictionary<FeedPartition, long> from, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task CommitAsync(IReadOnlyDictionary<FeedPartition, long> next, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
