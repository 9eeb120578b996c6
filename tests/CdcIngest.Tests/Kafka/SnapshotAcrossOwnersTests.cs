using RiskMonitor.CdcIngest.Pipeline;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Grains.Tests;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Tests.Kafka;

/// <summary>A topic's partitions are read at their own pace, and a snapshot is exact all the same.</summary>
public sealed class SnapshotAcrossOwnersTests
{
    private const int Partitions = 2;

    /// <summary>In partition 0.</summary>
    private static readonly string[] s_even = ["B", "D", "F", "H"];

    /// <summary>In partition 1.</summary>
    private static readonly string[] s_odd = ["A", "C", "E", "G"];

    [Fact]
    public async Task No_desk_is_judged_on_one_partition_while_the_first_snapshot_waits_in_another()
    {
        await using var world = await KafkaWorld.StartAsync(Partitions);
        world.Ingest.FirstSnapshotWait = TimeSpan.FromMinutes(10);
        foreach (var id in s_odd)
        {
            world.Book.Put(id, "Desk", 10);
        }

        foreach (var id in s_odd)
        {
            world.Book.Delete(id);
        }

        // Partition 0 holds nothing but rows of the snapshot; partition 1 has only changes, which are read first.
        var even = s_even.SelectMany(id => world.Book.PutUnsent(id, "Desk", 100)).ToList();
        Assert.All(even, message => Assert.Equal(0, message.Partition));
        var snapshot = world.Book.SnapshotUnsent();
        world.Book.Put(s_odd[0], "Desk", 1_000_000);
        var violations = new List<string>();
        using var watching = new CancellationTokenSource();
        var watch = WatchAsync();
        world.Broker.Produce(KafkaWorld.Topic, snapshot);
        await world.StartIngestAsync();

        await world.SnapshotsCompletedAsync(1);
        await world.BookIsHeldAsync();
        await watching.CancelAsync();
        await watch;
        Assert.Empty(violations);

        async Task WatchAsync()
        {
            while (!watching.IsCancellationRequested)
            {
                var view = await world.Cluster.ReadAsync("Desk");
                // The snapshot is complete before the change that follows it in partition 1 is applied.
                if (view is { Sequence: > 0, IsBuilding: false } && (view.Totals.Count, view.Totals.Net) is not ((4, 400) or (5, 1_000_400)))
                {
                    violations.Add($"judged with {view.Totals.Count} positions, net {view.Totals.Net}");
                }

                await Task.Yield();
            }
        }
    }

    [Fact]
    public async Task Changes_from_after_a_snapshot_that_are_read_before_its_first_row_are_kept_and_what_is_gone_is_removed()
    {
        await using var world = await KafkaWorld.StartAsync(Partitions);
        foreach (var id in s_even.Concat(s_odd))
        {
            world.Book.Put(id, "Desk", 10);
        }

        world.Book.Snapshot();
        await world.StartIngestAsync();
        await world.SnapshotsCompletedAsync(1);

        // The connector was away: two deletes were not seen, and the next snapshot has no row in partition 1.
        foreach (var id in s_odd.Append(s_even[0]))
        {
            world.Book.ForgetUnseen(id);
        }

        var snapshot = world.Book.SnapshotUnsent();
        Assert.All(snapshot, row => Assert.Equal(0, row.Partition));
        world.Book.Put("I", "Desk", 500);
        await Eventually.IsTrueAsync("the newest change is applied", async () => (await world.Cluster.ReadAsync("Desk")).Totals.Net == 580);
        world.Broker.Produce(KafkaWorld.Topic, snapshot);

        await world.SnapshotsCompletedAsync(2);
        await world.BookIsHeldAsync();
        await world.IsInStateAsync(FeedState.Live);
    }

    [Fact]
    public async Task A_next_owner_that_reads_two_snapshots_again_begins_none_of_them_anew()
    {
        await using var world = await KafkaWorld.StartAsync(Partitions);
        foreach (var id in s_even.Concat(s_odd))
        {
            world.Book.Put(id, "Desk", 10);
        }

        world.Book.Snapshot();
        world.Book.ForgetUnseen(s_even[0]);
        world.Book.ForgetUnseen(s_odd[0]);
        world.Book.Snapshot();
        var first = await world.StartIngestAsync();
        await world.SnapshotsCompletedAsync(2);
        await world.BookIsHeldAsync();
        await world.StopIngestAsync(first);

        // A desk that takes nothing holds up checkpoints, and the next owner has to begin where they are.
        world.Checkpoints.Forget();
        await world.StartIngestAsync();
        await Eventually.IsTrueAsync("all is read again", async () =>
            (await world.Checkpoints.ReadAsync(KafkaWorld.Topic, default)).All(row => row.Checkpoint is { } bytes
                && CheckpointCodec.Read(bytes.Span).Progress is { } progress
                && progress.NextOffset == world.Broker.Read(KafkaWorld.Topic, Partitions).Count(message => message.Partition.Value == progress.Partition.Partition)));

        await world.BookIsHeldAsync();
        await world.IsInStateAsync(FeedState.Live);
        Assert.Equal(2, (await world.RecordAsync()).Snapshot.Generation);
    }

    [Fact]
    public async Task A_lagging_owner_begins_no_snapshot_that_a_newer_one_has_replaced()
    {
        await using var cluster = await RiskCluster.StartAsync();
        var feed = cluster.Grains.GetGrain<IFeedCoordinatorGrain>(RiskCluster.Feed);
        IReadOnlyList<FeedPartition> partitions = [new(RiskCluster.Feed, 0), new(RiskCluster.Feed, 1)];
        var older = new SnapshotOrigin(new SourcePosition("binlog", 1, 100, 0), null);
        var newer = new SnapshotOrigin(new SourcePosition("binlog", 1, 200, 0), null);
        Assert.Equal(1, (await feed.BeginSnapshotAsync(newer, partitions, known: 0)).Snapshot.Generation);

        var answer = await feed.BeginSnapshotAsync(older, partitions, known: 0);

        Assert.Equal((1, newer), (answer.Snapshot.Generation, answer.Origin));

        // One that knows of it may begin an older one: then the source's log was reset, and what lies after the snapshot by the old log is not kept.
        Assert.Equal(2, (await feed.BeginSnapshotAsync(older, partitions, known: 1)).Snapshot.Generation);
        Assert.False((await cluster.Grains.GetGrain<IFeedGrain>(RiskCluster.Feed).OpenAsync()).KeepsNewer);
    }

    [Fact]
    public async Task A_snapshot_is_quiet_only_when_all_of_its_partitions_are()
    {
        await using var cluster = await RiskCluster.StartAsync();
        var coordinator = cluster.Grains.GetGrain<IFeedCoordinatorGrain>(RiskCluster.Feed);
        var feed = cluster.Grains.GetGrain<IFeedGrain>(RiskCluster.Feed);
        FeedPartition[] partitions = [new(RiskCluster.Feed, 0), new(RiskCluster.Feed, 1)];
        await coordinator.BeginSnapshotAsync(new SnapshotOrigin(new SourcePosition("binlog", 1, 100, 0), null), partitions, known: 0);

        await ReportAsync(0, isQuiet: true, epoch: 1);
        await ReportAsync(1, isQuiet: false, epoch: 2);
        Assert.True((await feed.OpenAsync()).Snapshot.IsBuilding);
        await ReportAsync(1, isQuiet: true, epoch: 1);
        Assert.True((await feed.OpenAsync()).Snapshot.IsBuilding, "the report of an earlier owner counts");
        await ReportAsync(1, isQuiet: true, epoch: 2);

        await Eventually.IsTrueAsync("the snapshot is complete", async () => !(await feed.OpenAsync()).Snapshot.IsBuilding);
        Assert.Contains("last row was not seen", Assert.Single((await feed.OpenAsync()).Unproven).Reason, StringComparison.Ordinal);

        Task ReportAsync(int partition, bool isQuiet, long epoch)
        {
            var now = DateTimeOffset.UtcNow;
            return feed.ReportAsync(new FeedReport(
                now, now, [new PartitionReport(partitions[partition], now, null, 0, false, FirstMessage.SnapshotRow, isQuiet ? now.AddSeconds(-2) : null)], [],
                new FeedOwner(partitions, epoch, 1, MarksItsRows: true, TimeSpan.FromSeconds(1), null)));
        }
    }

    [Fact]
    public async Task A_partition_that_nobody_reads_is_missed_while_another_lives()
    {
        await using var cluster = await RiskCluster.StartAsync();
        var feed = cluster.Grains.GetGrain<IFeedGrain>(RiskCluster.Feed);
        FeedPartition[] partitions = [new(RiskCluster.Feed, 0), new(RiskCluster.Feed, 1)];
        var opened = DateTimeOffset.UtcNow.AddMinutes(-5);
        var now = DateTimeOffset.UtcNow;

        await feed.ReportAsync(new FeedReport(
            opened, now, [new PartitionReport(partitions[0], now, null, 0, false)], [], new FeedOwner(partitions, 1, 0, false, TimeSpan.FromSeconds(5), now)));

        var status = await feed.StatusAsync(null);
        Assert.Equal(FeedState.Stale, status.State);
        Assert.Contains("positions_cdc[1]", Assert.Single(status.Reasons), StringComparison.Ordinal);
        Assert.Equal(now, status.AppliedThrough);
    }
}
