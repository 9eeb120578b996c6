using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Grains.Tests;

public class DeskLifeTests
{
    private const string Desk = "FX / \"Ω\" \\ 外汇";

    [Fact]
    public async Task What_a_desk_answered_is_there_after_its_silo_dies()
    {
        await using var cluster = await RiskCluster.StartAsync();
        for (var offset = 0; offset < 50; offset++)
        {
            await cluster.ApplyAsync(Desk, RiskCluster.Put(offset, Desk, $"P{offset % 7}", offset % 5 == 0 ? null : offset + 0.0001m));
        }

        var before = await cluster.ReadAsync(Desk);
        await cluster.KillAndRestartAsync();
        var after = await cluster.ReadAsync(Desk);
        Assert.Equal((before.Totals, before.Sequence, before.Unit), (after.Totals, after.Sequence, after.Unit));
        Assert.Equal(before.Offsets, after.Offsets);
        Assert.Equal(before.Breakdown.BySecurity(), after.Breakdown.BySecurity());
    }

    [Fact]
    public async Task A_batch_sent_again_after_a_crash_counts_once()
    {
        await using var cluster = await RiskCluster.StartAsync();
        await cluster.ApplyAsync(Desk, RiskCluster.Put(0, Desk, "A", 10), RiskCluster.Put(1, Desk, "B", 20));
        await cluster.KillAndRestartAsync();
        await cluster.ApplyAsync(Desk, RiskCluster.Put(1, Desk, "B", 20), RiskCluster.Put(2, Desk, "C", 30));
        Assert.Equal(60m, (await cluster.ReadAsync(Desk)).Totals.Net);
    }

    [Fact]
    public async Task A_batch_that_is_durable_is_answered_again_while_the_next_record_is_not_written()
    {
        var gate = new StopGate(2, afterTheWrite: false);
        var cluster = RiskCluster.Prepare();
        cluster.WrapJournal = inner => new GatedJournal(inner, gate, null);
        await using var running = await RiskCluster.StartAsync(cluster);
        await cluster.ApplyAsync(Desk, RiskCluster.Put(0, Desk, "A", 10));
        var next = cluster.ApplyAsync(Desk, RiskCluster.Put(1, Desk, "B", 20));
        await gate.Reached;
        var open = cluster.ApplyAsync(Desk, RiskCluster.Put(2, Desk, "C", 30));

        // The answer to the first batch did not arrive, so it comes again.
        await cluster.ApplyAsync(Desk, RiskCluster.Put(0, Desk, "A", 10)).WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);

        var repeated = cluster.ApplyAsync(Desk, RiskCluster.Put(1, Desk, "B", 20));
        Assert.Equal(10m, (await cluster.ReadAsync(Desk)).Totals.Net);
        Assert.All((Task[])[next, open, repeated], waiting => Assert.False(waiting.IsCompleted));

        cluster.WrapJournal = inner => inner;
        await cluster.KillAndRestartAsync();
    }

    [Fact]
    public async Task Asking_about_a_desk_does_not_create_it()
    {
        await using var cluster = await RiskCluster.StartAsync();
        Assert.Equal(0, (await cluster.ReadAsync("nobody")).Sequence);
        Assert.Empty(await cluster.Stored<IDeskJournalReader>().DesksAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_summary_and_a_view_show_the_same_record_and_a_summary_brings_no_breakdown()
    {
        await using var cluster = await RiskCluster.StartAsync();
        await cluster.ApplyAsync(Desk, RiskCluster.Put(0, Desk, "A", 10), RiskCluster.Put(1, Desk, "B", 20));
        var desk = cluster.Grains.GetGrain<IDeskRiskGrain>(Desk);

        var (summary, view) = (await desk.ReadSummaryAsync(), await desk.ReadAsync());

        Assert.Equal(typeof(DeskSummary), summary.GetType());
        Assert.Equal(
            (view.Desk, view.Sequence, view.At, view.Totals, view.Unit, view.OldestDeltaAt, view.IsBuilding, view.LimitsAsOf, view.LimitsProblem),
            (summary.Desk, summary.Sequence, summary.At, summary.Totals, summary.Unit, summary.OldestDeltaAt, summary.IsBuilding, summary.LimitsAsOf, summary.LimitsProblem));
        Assert.Equal((view.Offsets, view.Limits), (summary.Offsets, summary.Limits));
        Assert.Equal(30m, summary.Totals.Net);

        await cluster.ApplyAsync(Desk, RiskCluster.Put(2, Desk, "B", 30));
        Assert.Equal((40m, summary.Sequence + 1), ((await desk.ReadSummaryAsync()).Totals.Net, (await desk.ReadSummaryAsync()).Sequence));
    }

    [Theory]
    [InlineData(DeskDimensions.None)]
    [InlineData(DeskDimensions.Currency)]
    [InlineData(DeskDimensions.Trader)]
    [InlineData(DeskDimensions.Currency | DeskDimensions.Security)]
    [InlineData(DeskDimensions.All)]
    public async Task A_view_has_the_dimensions_that_were_asked_for(DeskDimensions dimensions)
    {
        await using var cluster = await RiskCluster.StartAsync();
        await cluster.ApplyAsync(Desk, RiskCluster.Put(0, Desk, "A", 10));
        var desk = cluster.Grains.GetGrain<IDeskRiskGrain>(Desk);
        await desk.ReadAsync(dimensions);
        await cluster.ApplyAsync(Desk, RiskCluster.Put(1, Desk, "A", 30));

        var view = await desk.ReadAsync(dimensions);

        Assert.Equal(
            (dimensions.HasFlag(DeskDimensions.Currency), dimensions.HasFlag(DeskDimensions.Trader), dimensions.HasFlag(DeskDimensions.Security)),
            (view.Breakdown.Currencies.Count > 0, view.Breakdown.Traders.Count > 0, view.Breakdown.Securities.Count > 0));
        Assert.All(view.Breakdown.Currencies.Concat(view.Breakdown.Traders).Concat(view.Breakdown.Securities), leaf => Assert.Equal(30m, leaf.Totals.Net));
        Assert.Equal((30m, 2L), (view.Totals.Net, view.Sequence));
    }

    [Theory]
    [InlineData(DeskDimensions.Currency)]
    [InlineData(DeskDimensions.All)]
    public async Task Readers_of_the_same_record_within_a_silo_share_one_view(DeskDimensions dimensions)
    {
        await using var cluster = await RiskCluster.StartAsync();
        await cluster.ApplyAsync(Desk, RiskCluster.Put(0, Desk, "A", 10));
        var desk = cluster.Grains.GetGrain<IDeskRiskGrain>(Desk);

        Assert.Same(await desk.ReadAsync(dimensions), await desk.ReadAsync(dimensions));
        Assert.Same(await desk.ReadSummaryAsync(), await desk.ReadSummaryAsync());
    }

    [Fact]
    public async Task Reads_never_wait_for_a_commit_and_calls_that_wait_become_one_record()
    {
        var gate = new StopGate(2, afterTheWrite: false);
        GatedJournal journal = null!;
        var cluster = RiskCluster.Prepare();
        cluster.WrapJournal = inner => journal = new GatedJournal(inner, gate, null);
        await using var running = await RiskCluster.StartAsync(cluster);
        await cluster.ApplyAsync(Desk, RiskCluster.Put(0, Desk, "A", 10));

        var stuck = Enumerable.Range(1, 20).Select(offset => cluster.ApplyAsync(Desk, RiskCluster.Put(offset, Desk, $"P{offset}", 1))).ToList();
        await gate.Reached;
        Assert.Equal(10m, (await cluster.ReadAsync(Desk)).Totals.Net);
        Assert.DoesNotContain(stuck, call => call.IsCompletedSuccessfully);
        Assert.Equal(2, journal.Appends);

        cluster.WrapJournal = inner => inner;
        await cluster.KillAndRestartAsync();
        await Eventually.SucceedsAsync("the call is answered", () => cluster.ApplyAsync(Desk, [.. Enumerable.Range(1, 20).Select(offset => RiskCluster.Put(offset, Desk, $"P{offset}", 1))]));
        Assert.Equal((30m, 2L), ((await cluster.ReadAsync(Desk)).Totals.Net, (await cluster.ReadAsync(Desk)).Sequence));
    }

    [Fact]
    public async Task Two_activations_of_a_desk_cannot_both_write_its_journal()
    {
        await using var cluster = await RiskCluster.StartAsync();
        await cluster.ApplyAsync(Desk, RiskCluster.Put(0, Desk, "A", 10));

        var journal = cluster.Stored<IDeskJournal>();
        var (other, writer) = await WriteElsewhereAsync(journal);

        await Assert.ThrowsAnyAsync<Exception>(() => cluster.ApplyAsync(Desk, RiskCluster.Put(2, Desk, "C", 30)));
        await Eventually.SucceedsAsync("the call is answered", () => cluster.ApplyAsync(Desk, RiskCluster.Put(2, Desk, "C", 30)));
        Assert.Equal((60m, 3L), ((await cluster.ReadAsync(Desk)).Totals.Net, (await OpenAsync(journal)).Desk.Sequence));

        // And the one that lost cannot fold either.
        Assert.False(await writer.FoldAsync(other.Fold(0), CancellationToken.None) && (await OpenAsync(journal)).Desk.Totals.Net != 60m);
    }

    [Fact]
    public async Task An_activation_that_is_only_read_ends_once_another_one_has_written_the_desk()
    {
        var cluster = RiskCluster.Prepare();
        cluster.HeadInterval = TimeSpan.FromMilliseconds(100);
        await using var running = await RiskCluster.StartAsync(cluster);
        await cluster.ApplyAsync(Desk, RiskCluster.Put(0, Desk, "A", 10));
        await cluster.ApplyAsync("Rates", RiskCluster.Put(0, "Rates", "R", 7));

        await WriteElsewhereAsync(cluster.Stored<IDeskJournal>());

        await Eventually.IsTrueAsync("the desk shows what the other activation wrote", async () => (await cluster.ReadAsync(Desk)).Totals.Net == 30m);
        await cluster.ApplyAsync(Desk, RiskCluster.Put(2, Desk, "C", 30));
        Assert.Equal((60m, 3L), ((await cluster.ReadAsync(Desk)).Totals.Net, (await cluster.ReadAsync(Desk)).Sequence));
        Assert.Equal(7m, (await cluster.ReadAsync("Rates")).Totals.Net);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_breach_whose_silo_dies_before_its_report_is_sent_raises_its_alert_without_another_trade(bool afterTheReport)
    {
        var gate = new StopGate(1, afterTheWrite: false);
        var cluster = RiskCluster.Prepare();
        if (afterTheReport)
        {
            cluster.WrapJournal = inner => new GatedJournal(inner, null, gate);
        }
        else
        {
            cluster.WrapAlerts = inner => new GatedAlertStore(inner, gate);
        }

        await using var running = await RiskCluster.StartAsync(cluster);
        await cluster.ApplyAsync(Desk, RiskCluster.Put(0, Desk, "A", 5_000));
        await gate.Reached;
        cluster.WrapJournal = inner => inner;
        cluster.WrapAlerts = inner => inner;
        await cluster.KillAndRestartAsync();
        await cluster.AlertAsync(alert => alert.Status == AlertStatus.Delivered, "the alert was delivered");
        await Eventually.IsTrueAsync(
            "the outbox is empty",
            async () => (await cluster.Stored<IDeskJournalReader>().UnsentAsync(null, null, 10, CancellationToken.None)).Reports.Count == 0);
        Assert.Single(await cluster.AlertsAsync());
        Assert.Single(cluster.Posts.Distinct());
    }

    [Fact]
    public async Task A_changed_limit_is_applied_to_desks_without_trades()
    {
        await using var cluster = await RiskCluster.StartAsync(netLimit: 1_000);
        await cluster.ApplyAsync(Desk, RiskCluster.Put(0, Desk, "A", 900));
        await cluster.KillAndRestartAsync();
        var limits = cluster.Stored<ILimitStore>();
        var current = Assert.Single(await limits.ListAsync(CancellationToken.None));
        await limits.PutAsync(current with { Threshold = 500, Reason = "tighter" }, CancellationToken.None);
        var alert = await cluster.AlertAsync(_ => true, "the lowered limit raised an alert");
        Assert.Equal((500m, Risk.Episodes.CauseKind.Limit), (alert.Episode.Threshold, alert.Episode.Cause.Kind));
    }

    [Fact]
    public async Task A_change_of_another_desks_limit_writes_no_record_and_the_desk_is_asked_once()
    {
        CountingLimitStore counting = null!;
        var cluster = RiskCluster.Prepare();
        cluster.WrapLimits = inner => counting = new CountingLimitStore(inner, Desk);
        await using var running = await RiskCluster.StartAsync(cluster);
        await cluster.ApplyAsync(Desk, RiskCluster.Put(0, Desk, "A", 900));
        var (sequence, reads) = ((await cluster.ReadAsync(Desk)).Sequence, counting.Reads);

        await cluster.Stored<ILimitStore>().PutAsync(
            RiskCluster.Limit(500) with { LimitId = "other", Scope = LimitScope.Desk, ScopeKey = "another" }, CancellationToken.None);
        await Eventually.IsTrueAsync("the sweep refreshed the desk", () => counting.Reads > reads);
        var sweeps = cluster.Sweeps;
        await Eventually.IsTrueAsync("some more sweeps have passed", () => cluster.Sweeps > sweeps + 3);

        Assert.Equal((sequence, reads + 1), ((await cluster.ReadAsync(Desk)).Sequence, counting.Reads));
    }

    [Fact]
    public async Task A_limit_that_becomes_valid_is_judged_by_at_that_instant()
    {
        await using var cluster = await RiskCluster.StartAsync(netLimit: 1_000);
        await cluster.ApplyAsync(Desk, RiskCluster.Put(0, Desk, "A", 900));
        await cluster.Stored<ILimitStore>().PutAsync(
            RiskCluster.Limit(500) with { LimitId = "tight", Scope = LimitScope.Desk, ScopeKey = Desk, ValidFrom = DateTimeOffset.UtcNow.AddSeconds(1) }, CancellationToken.None);
        var alert = await cluster.AlertAsync(_ => true, "the limit that became valid raised an alert");
        Assert.Equal("tight", alert.Episode.Limit.LimitId);
    }

    [Fact]
    public async Task A_snapshot_is_judged_when_every_partition_has_passed_it()
    {
        await using var cluster = await RiskCluster.StartAsync();
        await cluster.ApplyAsync(Desk, RiskCluster.Put(0, Desk, "gone", 7));
        var feed = cluster.Grains.GetGrain<IFeedGrain>(RiskCluster.Feed);
        FeedPartition[] partitions = [new(RiskCluster.Feed, 0), new(RiskCluster.Feed, 1)];
        var progress = await feed.BeginSnapshotAsync(new SnapshotOrigin(new SourcePosition("binlog", 1, 4, 0), null), partitions);
        Assert.Equal(progress, await feed.BeginSnapshotAsync(new SnapshotOrigin(new SourcePosition("binlog", 1, 4, 0), null), partitions));
        await cluster.Grains.GetGrain<IDeskRiskGrain>(Desk).ApplyAsync(RiskCluster.Batch(progress, RiskCluster.Put(1, Desk, "A", 3_000)));
        await feed.PassSnapshotAsync(1, [partitions[0]], null, []);
        Assert.Equal(FeedState.Building, (await feed.StatusAsync(Desk)).State);
        Assert.True((await cluster.ReadAsync(Desk)).IsBuilding);
        Assert.Empty(await cluster.AlertsAsync());

        await cluster.KillAndRestartAsync();
        feed = cluster.Grains.GetGrain<IFeedGrain>(RiskCluster.Feed);
        var done = await feed.PassSnapshotAsync(1, [partitions[1]], new Delivery(RiskCluster.Feed, 1, 9));
        Assert.False(done.IsBuilding);
        await cluster.EveryDeskNotifiedAsync();
        Assert.NotEqual(FeedState.Building, (await feed.StatusAsync(Desk)).State);
        Assert.Equal((3_000m, false), ((await cluster.ReadAsync(Desk)).Totals.Net, (await cluster.ReadAsync(Desk)).IsBuilding));
        var alert = await cluster.AlertAsync(_ => true, "the snapshot's end raised the alert");
        Assert.Equal(new Delivery(RiskCluster.Feed, 1, 9), alert.Episode.Cause.Delivery);
    }

    [Fact]
    public async Task A_desk_that_does_not_answer_delays_neither_the_end_of_a_snapshot_nor_a_checkpoint_and_is_notified_after_a_crash()
    {
        var gate = new StopGate(1, afterTheWrite: false);
        var cluster = RiskCluster.Prepare();
        cluster.DeskTimeout = TimeSpan.FromHours(1);
        await using var running = await RiskCluster.StartAsync(cluster);
        await cluster.ApplyAsync(Desk, RiskCluster.Put(0, Desk, "gone", 7));
        cluster.WrapJournal = inner => new GatedJournal(inner, gate, null);
        await cluster.KillAndRestartAsync();
        var feed = cluster.Grains.GetGrain<IFeedGrain>(RiskCluster.Feed);
        FeedPartition[] partitions = [new(RiskCluster.Feed, 0)];
        await feed.BeginSnapshotAsync(new SnapshotOrigin(new SourcePosition("binlog", 1, 4, 0), null), partitions);

        Assert.False((await feed.PassSnapshotAsync(1, partitions, null, [])).IsBuilding);
        await gate.Reached;
        await feed.CheckpointAsync(new FeedCheckpoint([], DateTimeOffset.UnixEpoch, null, null));
        Assert.Equal([Desk], (await feed.OpenAsync()).DesksToNotify);
        Assert.Equal(FeedState.Building, (await feed.StatusAsync(Desk)).State);
        Assert.Equal(FeedState.Building, (await feed.StatusAsync(null)).State);
        Assert.NotEqual(FeedState.Building, (await feed.StatusAsync("another")).State);

        cluster.WrapJournal = inner => inner;
        await cluster.KillAndRestartAsync();
        await cluster.EveryDeskNotifiedAsync();
        Assert.Equal(0, (await cluster.ReadAsync(Desk)).Totals.Count);
    }

    [Fact]
    public async Task A_feed_says_what_is_unproven_to_the_desks_concerned_until_it_is_cleared()
    {
        await using var cluster = await RiskCluster.StartAsync();
        var feed = cluster.Grains.GetGrain<IFeedGrain>(RiskCluster.Feed);
        Assert.Equal(FeedState.Stale, (await feed.StatusAsync(null)).State);
        await feed.OnHeartbeatAsync(DateTimeOffset.UtcNow);
        Assert.Equal(FeedState.Live, (await feed.StatusAsync(null)).State);
        await feed.MarkUnprovenAsync(new UnprovenMark("unreadable", "A", [Desk], new Delivery(RiskCluster.Feed, 0, 3), DateTimeOffset.UtcNow));
        Assert.Equal(FeedState.Unproven, (await feed.StatusAsync(Desk)).State);
        Assert.Equal(FeedState.Live, (await feed.StatusAsync("another")).State);
        await cluster.KillAndRestartAsync();
        feed = cluster.Grains.GetGrain<IFeedGrain>(RiskCluster.Feed);
        await feed.OnHeartbeatAsync(DateTimeOffset.UtcNow);
        Assert.Equal(FeedState.Unproven, (await feed.StatusAsync(Desk)).State);
        await feed.ClearUnprovenAsync("A");
        Assert.Equal(FeedState.Live, (await feed.StatusAsync(Desk)).State);
    }

    [Fact]
    public async Task A_snapshot_ends_the_doubts_from_before_it_and_not_those_about_itself()
    {
        await using var cluster = await RiskCluster.StartAsync();
        var feed = cluster.Grains.GetGrain<IFeedGrain>(RiskCluster.Feed);
        FeedPartition[] partitions = [new(RiskCluster.Feed, 0)];
        await feed.MarkUnprovenAsync(new UnprovenMark("before", null, [], null, DateTimeOffset.UtcNow));
        await feed.BeginSnapshotAsync(new SnapshotOrigin(new SourcePosition("binlog", 1, 4, 0), null), partitions);
        await feed.MarkUnprovenAsync(new UnprovenMark("within", "P2", [], null, DateTimeOffset.UtcNow));
        await feed.PassSnapshotAsync(1, partitions, null, []);
        Assert.Equal("within", Assert.Single((await feed.OpenAsync()).Unproven).Reason);
    }

    [Fact]
    public async Task A_checkpoint_survives_the_silo()
    {
        await using var cluster = await RiskCluster.StartAsync();
        var feed = cluster.Grains.GetGrain<IFeedGrain>(RiskCluster.Feed);
        var partition = new PartitionRecord(
            new FeedPartition(RiskCluster.Feed, 3), 42, new SourcePosition("binlog", 7, 99, 2), DateTimeOffset.UnixEpoch, true, false);
        await feed.CheckpointAsync(new FeedCheckpoint([partition], DateTimeOffset.UnixEpoch, false, null));
        await cluster.KillAndRestartAsync();
        var record = await cluster.Grains.GetGrain<IFeedGrain>(RiskCluster.Feed).OpenAsync();
        Assert.Equal(partition, Assert.Single(record.Partitions));
        Assert.False(record.TombstonesAccompanyDeletes);
    }

    /// <summary>Another activation of the desk, of a silo that was thought dead, writes the next record.</summary>
    private static async Task<(DeskRisk Desk, IDeskJournalWriter Writer)> WriteElsewhereAsync(IDeskJournal journal)
    {
        var (other, writer) = await OpenAsync(journal);
        var step = new DeskStep();
        other.Apply(new ChangesInput(DateTimeOffset.UtcNow, RiskCluster.Feed, [RiskCluster.Put(1, Desk, "B", 20)], default, FeedState.Live, DateTimeOffset.UtcNow), step);
        await writer.AppendAsync(other.Seal(step, DateTimeOffset.UtcNow), CancellationToken.None);
        return (other, writer);
    }

    private static async Task<(DeskRisk Desk, IDeskJournalWriter Writer)> OpenAsync(IDeskJournal journal)
    {
        var (stored, writer) = await journal.OpenAsync(Desk, CancellationToken.None);
        var desk = stored.Checkpoint is null ? new DeskRisk(Desk) : DeskRisk.Restore(stored.Checkpoint, stored.Positions);
        foreach (var record in stored.Tail)
        {
            desk.Replay(record);
        }

        return (desk, writer);
    }
}
