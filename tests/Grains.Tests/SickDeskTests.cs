using Microsoft.Data.Sqlite;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Grains.Tests;

/// <summary>A desk that cannot be read affects no other desk.</summary>
public class SickDeskTests
{
    [Theory]
    [InlineData("UPDATE journal SET record = x'01ff'")]
    [InlineData("DELETE FROM journal WHERE sequence = 1")]
    [InlineData("UPDATE journal SET record = (SELECT record FROM journal WHERE desk_id = (SELECT desk_id FROM desks WHERE desk = 'Well'))")]
    public async Task A_desk_whose_journal_cannot_be_read_is_unavailable_and_the_others_live(string damage)
    {
        await using var cluster = await DamagedAsync(damage);

        var failure = await Assert.ThrowsAsync<DeskUnavailableException>(() => cluster.ReadAsync("Sick"));
        Assert.Equal("Sick", failure.Desk);
        await Assert.ThrowsAsync<DeskUnavailableException>(() => cluster.ApplyAsync("Sick", RiskCluster.Put(9, "Sick", "B", 1)));
        await cluster.ApplyAsync("Well", RiskCluster.Put(10, "Well", "C", 5));
        Assert.Equal(15m, (await cluster.ReadAsync("Well")).Totals.Net);

        var held = new List<string>();
        await foreach (var position in cluster.Stored<IPositionDirectory>().LoadAsync(CancellationToken.None))
        {
            held.Add(position.Desk);
        }

        Assert.Contains("Well", held);
    }

    [Fact]
    public async Task A_desk_that_cannot_be_read_does_not_hold_up_the_end_of_a_snapshot()
    {
        await using var cluster = await DamagedAsync("UPDATE journal SET record = x'01ff'");
        var feed = cluster.Grains.GetGrain<IFeedGrain>(RiskCluster.Feed);
        FeedPartition[] partitions = [new(RiskCluster.Feed, 0)];
        var progress = await feed.BeginSnapshotAsync(new SnapshotOrigin(new SourcePosition("binlog", 1, 4, 0), null), partitions);

        progress = await feed.PassSnapshotAsync(progress.Generation, partitions, null, []);

        Assert.False(progress.IsBuilding);
        await Eventually.IsTrueAsync("every other desk is notified", async () => (await feed.OpenAsync()).DesksToNotify is ["Sick"]);
    }

    [Fact]
    public async Task A_repaired_desk_goes_on_without_its_silo_being_started_again()
    {
        await using var cluster = await DamagedAsync("UPDATE journal SET record = x'01ff' WHERE sequence > 1");
        await Assert.ThrowsAsync<DeskUnavailableException>(() => cluster.ReadAsync("Sick"));

        var removed = new List<RemovedRow>();
        var repaired = await cluster.Stored<IDeskRepair>().RepairAsync("Sick", null, rows => Keep(removed, rows), CancellationToken.None);

        Assert.True(repaired.IsUnproven);
        Assert.Contains(removed, row => row.Table == "journal");
        await Eventually.SucceedsAsync("the call is answered", () => cluster.ApplyAsync("Sick", RiskCluster.Put(50, "Sick", "Z", 7)));
        Assert.Contains(await cluster.Stored<IDeskRepair>().CheckAsync("Sick", CancellationToken.None), check => check.IsSound);
    }

    [Fact]
    public async Task A_snapshot_that_could_not_read_all_leaves_its_desks_unproven()
    {
        await using var cluster = await RiskCluster.StartAsync();
        await cluster.ApplyAsync("A", RiskCluster.Put(0, "A", "P1", 10));
        await cluster.ApplyAsync("B", RiskCluster.Put(1, "B", "P2", 10));
        var feed = cluster.Grains.GetGrain<IFeedGrain>(RiskCluster.Feed);
        FeedPartition[] partitions = [new(RiskCluster.Feed, 0)];
        await feed.BeginSnapshotAsync(new SnapshotOrigin(new SourcePosition("binlog", 1, 4, 0), null), partitions);
        await feed.MarkUnprovenAsync(new UnprovenMark("unreadable", "P1", ["A"], null, DateTimeOffset.UtcNow));
        await feed.PassSnapshotAsync(1, partitions, null, []);
        await cluster.EveryDeskNotifiedAsync();

        await Eventually.IsTrueAsync("A is unproven", async () => await FeedStateOfAsync(cluster, "A") == FeedState.Unproven);
        await Eventually.IsTrueAsync("B is live", async () => await FeedStateOfAsync(cluster, "B") == FeedState.Live);
    }

    [Fact]
    public async Task One_live_partition_does_not_hide_one_that_is_dead()
    {
        await using var cluster = await RiskCluster.StartAsync();
        var feed = cluster.Grains.GetGrain<IFeedGrain>(RiskCluster.Feed);
        var now = DateTimeOffset.UtcNow;
        var (alive, dead) = (new FeedPartition(RiskCluster.Feed, 0), new FeedPartition(RiskCluster.Feed, 1));
        await feed.ReportAsync(new FeedReport(
            now.AddMinutes(-5), now, [new PartitionReport(alive, now, null, 0, false), new PartitionReport(dead, now.AddMinutes(-2), null, 0, false)], []));

        var status = await feed.StatusAsync(null);

        Assert.Equal(FeedState.Stale, status.State);
        Assert.Contains($"partition {dead}", Assert.Single(status.Reasons));
    }

    [Fact]
    public async Task Changes_that_are_not_applied_make_a_feed_stale_and_name_the_desk_only_to_its_readers()
    {
        await using var cluster = await RiskCluster.StartAsync();
        var feed = cluster.Grains.GetGrain<IFeedGrain>(RiskCluster.Feed);
        var now = DateTimeOffset.UtcNow;
        var since = now.AddSeconds(-20);
        await feed.ReportAsync(new FeedReport(
            since, now, [new PartitionReport(new FeedPartition(RiskCluster.Feed, 0), now, since, 3, false)], [new WaitingDesk("Sick", since, 3, 4)]));

        var status = await feed.StatusAsync(null);
        Assert.Equal(FeedState.Stale, status.State);
        Assert.DoesNotContain("Sick", string.Concat(status.Reasons), StringComparison.Ordinal);
        Assert.Equal("Sick", Assert.Single(status.Desks).Desk);
        Assert.Equal(FeedState.Stale, (await feed.StatusAsync("Sick")).State);
        Assert.Equal(FeedState.Live, (await feed.StatusAsync("Well")).State);
    }

    private static async Task<RiskCluster> DamagedAsync(string damage)
    {
        var cluster = RiskCluster.Prepare();
        cluster.FoldInterval = TimeSpan.FromHours(1);
        await RiskCluster.StartAsync(cluster);
        await cluster.ApplyAsync("Sick", RiskCluster.Put(0, "Sick", "A", 10));
        await cluster.ApplyAsync("Sick", RiskCluster.Put(1, "Sick", "A", 11));
        await cluster.ApplyAsync("Well", RiskCluster.Put(2, "Well", "B", 10));
        await cluster.KillAndRestartAsync();
        await using var connection = new SqliteConnection($"Data Source={cluster.DatabasePath};Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"{damage}{(damage.Contains("WHERE sequence", StringComparison.Ordinal) ? " AND" : " WHERE")} desk_id = (SELECT desk_id FROM desks WHERE desk = 'Sick')";
        Assert.True(await command.ExecuteNonQueryAsync() > 0);
        return cluster;
    }

    private static Task Keep(List<RemovedRow> removed, IReadOnlyList<RemovedRow> rows)
    {
        removed.AddRange(rows);
        return Task.CompletedTask;
    }

    /// <summary>As the completed snapshot left it; null while the desk has not been notified. A fold takes records from the journal's tail into the checkpoint.</summary>
    private static async Task<FeedState?> FeedStateOfAsync(RiskCluster cluster, string desk)
    {
        var (stored, _) = await cluster.Stored<IDeskJournal>().OpenAsync(desk, CancellationToken.None);
        return stored.Tail.SelectMany(record => record.Inputs).OfType<SnapshotCompletedInput>().LastOrDefault()?.FeedState
            ?? (stored.Checkpoint is { Completed.Count: > 0 } folded ? folded.FeedState : null);
    }
}
