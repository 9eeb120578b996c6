using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Risk.Tests.Desks;

public class DeskRiskTests
{
    [Fact]
    public void A_change_of_another_desks_limit_writes_no_record()
    {
        var desk = new TestDesk(netLimit: 1_000);
        desk.Put("A", 5);

        Assert.Null(desk.Limit(1_000, version: 1, tableVersion: 2));
        Assert.Equal(1, desk.Desk.Limits.Version);
        Assert.Equal(3, desk.Limit(900, version: 2, tableVersion: 3)!.LimitsVersion);
    }

    [Fact]
    public void A_desk_that_crosses_its_limit_opens_one_episode_and_the_way_back_cures_it()
    {
        var desk = new TestDesk(netLimit: 1_000);
        Assert.Empty(desk.Put("A", 1_000)!.Episodes);
        var opened = Assert.Single(desk.Put("B", 0.0001m)!.Outbox).Episode;
        Assert.Equal((1_000.0001m, 1_000m, Severity.Info, 1, true), (opened.Value, opened.Threshold, opened.Severity, opened.Revision, opened.IsOpen));

        Assert.Empty(desk.Put("B", 10)!.Outbox);
        var cured = Assert.Single(desk.Put("B", 0)!.Outbox).Episode;
        Assert.Equal((opened.AlertId, CureReason.Figure, 1_010m), (cured.AlertId, cured.CureReason!.Value, cured.PeakValue));
    }

    [Fact]
    public void The_net_limit_is_two_sided()
    {
        var desk = new TestDesk(netLimit: 1_000);
        Assert.Equal(-1_001m, Assert.Single(desk.Put("A", -1_001)!.Outbox).Episode.Value);
    }

    [Fact]
    public void A_higher_severity_raises_the_revision_of_the_same_alert_and_a_lower_one_does_not()
    {
        var desk = new TestDesk(netLimit: 1_000);
        var opened = desk.Put("A", 1_100)!.Outbox[0].Episode;
        var warning = desk.Put("A", 1_200)!.Outbox[0].Episode;
        Assert.Empty(desk.Put("A", 1_300)!.Outbox);
        var critical = desk.Put("A", 1_500)!.Outbox[0].Episode;
        Assert.Empty(desk.Put("A", 1_210)!.Outbox);
        Assert.Empty(desk.Put("A", 1_600)!.Outbox);
        Assert.Equal([opened.AlertId, opened.AlertId], [warning.AlertId, critical.AlertId]);
        Assert.Equal([(1, Severity.Info), (2, Severity.Warning), (3, Severity.Critical)],
            new[] { opened, warning, critical }.Select(episode => (episode.Revision, episode.Severity)));
    }

    [Fact]
    public void Both_metrics_have_episodes_of_their_own()
    {
        var desk = new TestDesk(netLimit: 1_000, grossLimit: 2_000);
        desk.Put("A", 900);
        var gross = Assert.Single(desk.Put("B", -1_101)!.Outbox);
        Assert.Equal(RiskMetric.GrossDelta, gross.Episode.Key.Metric);
        var net = Assert.Single(desk.Remove("A")!.Outbox, report => report.Episode.Key.Metric == RiskMetric.NetDelta);
        Assert.Equal(-1_101m, net.Episode.Value);
    }

    [Fact]
    public void At_a_threshold_of_zero_any_figure_is_critical()
    {
        var desk = new TestDesk(netLimit: 0);
        Assert.Equal(Severity.Critical, desk.Put("A", 0.0001m)!.Outbox[0].Episode.Severity);
        Assert.False(desk.Put("A", 0)!.Outbox[0].Episode.IsOpen);
    }

    [Fact]
    public void An_episode_within_one_transaction_is_transient_and_reported_once()
    {
        var desk = new TestDesk(netLimit: 1_000);
        var record = desk.Change(
            new PositionChange(desk.NextDelivery(), "A", TestDesk.Row("A", 5_000), null, "gtid-1", null),
            new PositionChange(desk.NextDelivery(), "A", TestDesk.Row("A", 5), null, "gtid-1", null))!;
        Assert.Equal(2, record.Episodes.Count);
        Assert.True(Assert.Single(record.Outbox).Episode.Transient);
    }

    [Fact]
    public void A_breach_that_ends_because_a_delta_went_missing_is_cured_as_incomplete()
    {
        var desk = new TestDesk(netLimit: 1_000);
        desk.Put("A", 2_000);
        Assert.Equal(CureReason.Incomplete, desk.Put("A", null)!.Outbox[0].Episode.CureReason);
        Assert.Equal(1, desk.Desk.Totals.Missing);
    }

    [Fact]
    public void A_raised_limit_cures_and_a_lowered_one_opens()
    {
        var desk = new TestDesk(netLimit: 1_000);
        desk.Put("A", 1_500);
        var cured = desk.Limit(2_000, version: 2)!.Outbox[0].Episode;
        Assert.Equal(CureReason.LimitChanged, cured.CureReason);
        var opened = desk.Limit(1_400, version: 3)!.Outbox[0].Episode;
        Assert.Equal((CauseKind.Limit, 2, 3), (opened.Cause.Kind, opened.Number, opened.Limit.Version));
    }

    [Fact]
    public void A_limit_that_is_lowered_during_a_breach_keeps_the_alert_and_escalates_it()
    {
        var desk = new TestDesk(netLimit: 1_000);
        var opened = desk.Put("A", 1_100)!.Outbox[0].Episode;
        var escalated = desk.Limit(700, version: 2)!.Outbox[0].Episode;
        Assert.Equal((opened.AlertId, 2, Severity.Critical, 700m, 2), (escalated.AlertId, escalated.Revision, escalated.Severity, escalated.Threshold, escalated.Limit.Version));
    }

    [Fact]
    public void A_desks_own_limit_wins_over_the_default_and_ends_with_its_validity()
    {
        var desk = new TestDesk(netLimit: null);
        var end = TestDesk.Start.AddHours(1);
        desk.Apply(new LimitsInput(desk.Now, new LimitSet(2, AlertingScope.Default,
            [TestDesk.NewLimit(1_000), TestDesk.NewLimit(5_000, desk: TestDesk.Name, to: end)])));
        Assert.Empty(desk.Put("A", 4_000)!.Outbox);
        Assert.Equal(end, desk.Desk.NextValidityInstant);

        desk.Now = end.AddSeconds(-1);
        Assert.Null(desk.Apply(new ValidityInput(desk.Now)));
        desk.Now = end;
        Assert.Equal(1_000m, desk.Apply(new ValidityInput(desk.Now))!.Outbox[0].Episode.Threshold);
        Assert.Null(desk.Desk.NextValidityInstant);
    }

    [Fact]
    public void With_hysteresis_a_breach_lasts_until_the_figure_is_well_back()
    {
        var desk = new TestDesk(netLimit: null);
        desk.Apply(new LimitsInput(desk.Now, new LimitSet(2, AlertingScope.Default, [TestDesk.NewLimit(1_000, cureRatio: 0.9m)])));
        desk.Put("A", 1_100);
        Assert.Empty(desk.Put("A", 950)!.Outbox);
        Assert.False(desk.Put("A", 900)!.Outbox[0].Episode.IsOpen);
    }

    [Fact]
    public void An_offset_counts_once()
    {
        var desk = new TestDesk();
        var change = new PositionChange(desk.NextDelivery(), "A", TestDesk.Row("A", 10), null, null, null);
        desk.Change(change);
        Assert.Null(desk.Change(change, change));
        Assert.Equal(10m, desk.Desk.Totals.Net);
    }

    [Fact]
    public void What_a_desk_does_not_write_down_leaves_no_trace_in_it()
    {
        var desk = new TestDesk();
        var change = new PositionChange(desk.NextDelivery(), "A", TestDesk.Row("A", 10), null, null, null);
        desk.Change(change);
        Assert.Null(desk.Apply(new ChangesInput(desk.Now, TestDesk.Feed, [change], default, FeedState.Unproven, desk.Now)));
        Assert.Null(desk.Apply(new SnapshotCompletedInput(desk.Now, TestDesk.Feed, default, FeedState.Unproven)));
        Assert.Equal(FeedState.Live, desk.Desk.FeedState);
    }

    [Fact]
    public void An_older_state_from_another_partition_changes_nothing()
    {
        var desk = new TestDesk();
        desk.Change(new PositionChange(new Delivery(TestDesk.Feed, 0, 5), "A", TestDesk.Row("A", 10), new SourcePosition("binlog", 2, 500, 0), null, null));
        desk.Change(new PositionChange(new Delivery(TestDesk.Feed, 1, 0), "A", TestDesk.Row("A", 7), new SourcePosition("binlog", 1, 900, 0), null, null));
        Assert.Equal(10m, desk.Desk.Totals.Net);
    }

    [Fact]
    public void A_snapshot_builds_without_judging_and_is_judged_at_its_end_without_what_it_did_not_show()
    {
        var desk = new TestDesk(netLimit: 1_000);
        desk.Put("gone", 50);
        desk.Put("A", 60);
        desk.Progress = new SnapshotProgress(1, default);
        Assert.Empty(desk.Put("A", 5_000)!.Outbox);
        Assert.Empty(desk.Put("B", 600)!.Outbox);
        Assert.True(desk.Desk.IsBuilding);

        var last = new Delivery(TestDesk.Feed, 0, 99);
        var judged = desk.Apply(new SnapshotCompletedInput(desk.Now, TestDesk.Feed, new CompletedSnapshot(1, last), FeedState.Live))!;
        var report = Assert.Single(judged.Outbox);
        Assert.Equal((5_600m, CauseKind.Snapshot, last), (report.Episode.Value, report.Episode.Cause.Kind, report.Episode.Cause.Delivery!.Value));
        Assert.Null(desk.Desk.Find("gone"));
        Assert.False(desk.Desk.IsBuilding);
    }

    [Fact]
    public void A_desk_that_missed_the_end_of_a_snapshot_learns_it_from_the_next_batch()
    {
        var desk = new TestDesk(netLimit: 1_000);
        desk.Put("gone", 50);
        desk.Progress = new SnapshotProgress(1, default);
        desk.Put("A", 990);
        desk.Progress = new SnapshotProgress(1, new CompletedSnapshot(1, null));
        var record = desk.Put("B", 5)!;
        Assert.Empty(record.Outbox);
        Assert.Equal(995m, desk.Desk.Totals.Net);
    }

    [Fact]
    public void Episode_numbers_start_above_those_of_alerts_from_before_the_journal()
    {
        var key = new EpisodeKey(RiskMetric.NetDelta, "intraday", "standard");
        var desk = new TestDesk(netLimit: null);
        desk.Apply(
            new NumbersTakenInput(desk.Now, new Dictionary<EpisodeKey, int> { [key] = 7 }),
            new LimitsInput(desk.Now, new LimitSet(2, AlertingScope.Default, [TestDesk.NewLimit(1_000)])));
        desk.Put("A", 2_000);
        desk.Reload();
        Assert.Equal(8, Assert.Single(desk.Desk.OpenEpisodes).Number);
    }

    [Fact]
    public void Sums_stay_exact_over_18_digit_deltas()
    {
        var desk = new TestDesk(netLimit: null);
        desk.Put("A", 99_999_999_999_999.9999m);
        desk.Put("B", -99_999_999_999_999.9998m);
        desk.Put("C", 99_999_999_999_999.9999m, currency: "EUR");
        Assert.Equal(100_000_000_000_000.0000m, desk.Desk.Totals.Net);
        Assert.Equal(299_999_999_999_999.9996m, desk.Desk.Totals.Gross);
        Assert.Equal(Units.Mixed, desk.Desk.ToView(null).Unit);
    }

    [Fact]
    public void A_record_that_is_not_the_next_one_is_refused()
    {
        var desk = new TestDesk();
        desk.Put("A", 1);
        var fresh = new DeskRisk(TestDesk.Name);
        var thrown = Assert.Throws<InvalidOperationException>(() => fresh.Replay(desk.Journal[1]));
        Assert.Contains("records must follow each other", thrown.Message);
    }
}
