using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Grains.Tests;

/// <summary>Every desk learns that a snapshot is complete, also one that was not there, or not ready, when the feed listed whom to notify.</summary>
public sealed class SnapshotEndTests : IAsyncLifetime
{
    private static readonly FeedPartition[] s_partitions = [new(RiskCluster.Feed, 0), new(RiskCluster.Feed, 1)];

    private RiskCluster _cluster = null!;
    private SnapshotProgress _building;

    private IFeedGrain Feed => _cluster.Grains.GetGrain<IFeedGrain>(RiskCluster.Feed);

    public async ValueTask InitializeAsync()
    {
        _cluster = await RiskCluster.StartAsync();
        await _cluster.ApplyAsync("Slow", RiskCluster.Put(0, "Slow", "gone", 7));
        _building = await Feed.BeginSnapshotAsync(new SnapshotOrigin(new SourcePosition("binlog", 1, 4, 0), null), s_partitions);
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task A_desk_that_takes_its_rows_between_the_pass_of_their_partition_and_the_end()
    {
        await Feed.PassSnapshotAsync(1, [s_partitions[0]], null, ["Slow"]);
        await ApplyAsync("Slow", RiskCluster.Put(1, "Slow", "A", 3));

        await Feed.PassSnapshotAsync(1, [s_partitions[1]], null, []);

        await IsCompleteAsync("Slow", net: 3);
    }

    [Fact]
    public async Task A_desk_that_begins_with_a_change_whose_owner_has_not_heard_of_the_end()
    {
        await Feed.PassSnapshotAsync(1, s_partitions, null, []);

        await ApplyAsync("Late", RiskCluster.Put(1, "Late", "A", 5));

        await IsCompleteAsync("Late", net: 5);
    }

    [Fact]
    public async Task A_desk_that_still_waits_for_its_rows_is_notified_after_it_has_them()
    {
        await Feed.PassSnapshotAsync(1, [s_partitions[0]], null, ["Slow"]);
        await Feed.PassSnapshotAsync(1, [s_partitions[1]], null, []);
        await ReportAsync(new WaitingDesk("Slow", DateTimeOffset.UtcNow, 1, 0));
        await Eventually.IsTrueAsync(
            "the feed has looked for more desks", async () => await Feed.OpenAsync() is { MayHaveLateDesks: false, DesksToNotify: [], WaitingDesks: ["Slow"] });
        Assert.Equal(7m, (await _cluster.ReadAsync("Slow")).Totals.Net);

        await ApplyAsync("Slow", RiskCluster.Put(1, "Slow", "A", 3));
        await ReportAsync();

        await IsCompleteAsync("Slow", net: 3);
        await Eventually.IsTrueAsync("nobody is left", async () => await Feed.OpenAsync() is { DesksToNotify: [], WaitingDesks: [] });
    }

    [Fact]
    public async Task A_change_from_before_a_complete_snapshot_that_comes_late_is_passed_over_and_one_from_after_it_counts()
    {
        var taken = new SourcePosition("binlog", 1, 100, 0);
        var desk = _cluster.Grains.GetGrain<IDeskRiskGrain>("Desk");
        await desk.ApplyAsync(RiskCluster.Batch(new SnapshotProgress(1, default), RiskCluster.Put(20, "Desk", "A", 3, partition: 1) with { Source = taken }));
        await desk.CompleteSnapshotAsync(RiskCluster.Feed, new CompletedSnapshot(1, null, taken), FeedState.Live);

        // From an owner that was called away before the snapshot.
        await desk.ApplyAsync(RiskCluster.Batch(
            RiskCluster.Put(10, "Desk", "gone", 7) with { Source = taken with { Offset = 50 } },
            RiskCluster.Put(11, "Desk", "B", 5) with { Source = taken with { Offset = 200 } }));

        Assert.Equal((2, 8m), ((await desk.ReadAsync()).Totals.Count, (await desk.ReadAsync()).Totals.Net));
    }

    private Task ApplyAsync(string desk, PositionChange change) => _cluster.Grains.GetGrain<IDeskRiskGrain>(desk).ApplyAsync(RiskCluster.Batch(_building, change));

    private Task ReportAsync(params WaitingDesk[] waiting)
    {
        var now = DateTimeOffset.UtcNow;
        return Feed.ReportAsync(new FeedReport(now, now, [.. s_partitions.Select(partition => new PartitionReport(partition, now, null, 0, false))], waiting));
    }

    private Task IsCompleteAsync(string desk, decimal net) => Eventually.IsTrueAsync(
        $"{desk} has completed the snapshot", async () => await _cluster.ReadAsync(desk) is { IsBuilding: false } view && view.Totals.Net == net);
}
