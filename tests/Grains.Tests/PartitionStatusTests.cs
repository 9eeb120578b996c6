using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Grains.Tests;

/// <summary>What the feed's grain says of each partition.</summary>
public sealed class PartitionStatusTests
{
    private static readonly FeedPartition[] s_partitions = [.. Enumerable.Range(0, 5).Select(number => new FeedPartition(RiskCluster.Feed, number))];

    [Fact]
    public async Task Before_the_first_report_no_partition_is_known()
    {
        await using var cluster = await RiskCluster.StartAsync();

        Assert.Empty(await cluster.Grains.GetGrain<IFeedPartitionsGrain>(RiskCluster.Feed).PartitionsAsync());
    }

    [Fact]
    public async Task The_offsets_of_a_feed_that_one_ingest_reads_are_those_of_the_record()
    {
        await using var cluster = await RiskCluster.StartAsync();
        var feed = cluster.Grains.GetGrain<IFeedGrain>(RiskCluster.Feed);
        await feed.CheckpointAsync(new FeedCheckpoint([new PartitionRecord(s_partitions[0], 42, null, null, false, true)], null, null, null));
        await Eventually.SucceedsAsync("the report is of now", async () =>
        {
            var now = DateTimeOffset.UtcNow;
            await feed.ReportAsync(new FeedReport(now, now, [Quiet(0, now)], []));

            var status = Assert.Single(await cluster.Grains.GetGrain<IFeedPartitionsGrain>(RiskCluster.Feed).PartitionsAsync());

            Assert.Equal((PartitionState.Live, 42L, (long?)null), (status.State, status.NextOffset, status.EndOffset));
        });
    }

    [Fact]
    public async Task Each_partition_has_the_state_that_its_owner_reports_and_one_without_an_owner_says_so()
    {
        await using var cluster = await RiskCluster.StartAsync();
        var feed = cluster.Grains.GetGrain<IFeedGrain>(RiskCluster.Feed);
        // A report says something about now for a few seconds, which a busy machine may take.
        await Eventually.SucceedsAsync("the reports are of now", async () =>
        {
            var now = DateTimeOffset.UtcNow;
            await ReportAsync(now, Quiet(0, now) with { NextOffset = 7, EndOffset = 9 });
            await ReportAsync(now, Quiet(1, now) with { Waiting = 3, WaitingSince = now.AddMinutes(-1) });
            await ReportAsync(now, Quiet(2, now) with { IsPaused = true });
            await ReportAsync(now, Quiet(3, now) with { Problem = "its leader is away" });

            var status = await cluster.Grains.GetGrain<IFeedPartitionsGrain>(RiskCluster.Feed).PartitionsAsync();

            Assert.Equal(s_partitions, status.Select(partition => partition.Partition));
            Assert.Equal([PartitionState.Live, PartitionState.Behind, PartitionState.Paused, PartitionState.Failing, PartitionState.Unowned], status.Select(partition => partition.State));
            Assert.Equal(((long?)7, (long?)9), (status[0].NextOffset, status[0].EndOffset));
            Assert.Equal((3, "its leader is away", (DateTimeOffset?)null), (status[1].Waiting, status[3].Problem, status[4].LastHeartbeat));
        });

        Task ReportAsync(DateTimeOffset now, PartitionReport partition) => feed.ReportAsync(
            new FeedReport(now, now, [partition], [], new FeedOwner(s_partitions, 1, 0, false, TimeSpan.FromSeconds(5), now)));
    }

    [Fact]
    public async Task Partitions_of_a_snapshot_are_building_until_they_have_passed_it()
    {
        await using var cluster = await RiskCluster.StartAsync();
        var feed = cluster.Grains.GetGrain<IFeedGrain>(RiskCluster.Feed);
        FeedPartition[] two = [.. s_partitions.Take(2)];
        await feed.BeginSnapshotAsync(new SnapshotOrigin(new SourcePosition("binlog", 1, 4, 0), null), two);
        await feed.PassSnapshotAsync(1, [two[0]], null, []);
        await Eventually.SucceedsAsync("the report is of now", async () =>
        {
            var now = DateTimeOffset.UtcNow;
            await feed.ReportAsync(new FeedReport(now, now, [Quiet(0, now), Quiet(1, now)], []));

            var status = await cluster.Grains.GetGrain<IFeedPartitionsGrain>(RiskCluster.Feed).PartitionsAsync();

            Assert.Equal([PartitionState.Live, PartitionState.Building], status.Select(partition => partition.State));
        });
    }

    private static PartitionReport Quiet(int partition, DateTimeOffset now) => new(s_partitions[partition], now, null, 0, IsPaused: false);
}
