using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Limits;
using static RiskMonitor.Risk.Limits.UtilisationState;

namespace RiskMonitor.Risk.Tests.Desks;

/// <summary>When a desk enters or leaves the warning band: from 80 % of a limit to the limit.</summary>
public class UtilisationTests
{
    [Fact]
    public void A_desk_tells_when_it_enters_the_band_and_when_it_leaves_it()
    {
        var desk = new TestDesk(netLimit: 1_000);

        Assert.Empty(desk.Put("A", 799.9999m)!.Utilisation);
        var entered = Assert.Single(desk.Put("A", 800)!.Utilisation);
        Assert.Equal((Ok, Warning, 0.8m, 800m, "USD"), (entered.Before!.Value, entered.After.State, entered.After.Ratio!.Value, entered.Figure, entered.Unit));
        Assert.Empty(desk.Put("A", -950)!.Utilisation);
        Assert.Equal([(Warning, Ok)], Moves(desk.Put("A", 10)!));
    }

    [Fact]
    public void A_breach_leaves_the_band_upwards_and_one_that_jumps_over_it_does_not_touch_it()
    {
        var desk = new TestDesk(netLimit: 1_000);
        desk.Put("A", 900);

        Assert.Equal([(Warning, Breach)], Moves(desk.Put("A", 1_001)!));
        Assert.Equal([(Breach, Warning)], Moves(desk.Put("A", 1_000)!));
        Assert.Equal([(Warning, Ok)], Moves(desk.Put("A", 0)!));
        Assert.Empty(desk.Put("A", 2_000)!.Utilisation);
        Assert.Empty(desk.Put("A", 0)!.Utilisation);
    }

    [Fact]
    public void A_limit_that_changes_moves_the_band()
    {
        var desk = new TestDesk(netLimit: 1_000);
        desk.Put("A", 500);

        Assert.Equal([(Ok, Warning)], Moves(desk.Limit(600, version: 2)!));
        Assert.Equal([(Warning, NoLimit)], Moves(desk.Limit(null, version: 3)!));
    }

    [Fact]
    public void Each_metric_has_a_band_of_its_own()
    {
        var desk = new TestDesk(netLimit: 1_000, grossLimit: 1_000);
        desk.Put("A", 500);

        var gross = Assert.Single(desk.Put("B", -400)!.Utilisation);
        Assert.Equal((RiskMetric.GrossDelta, 900m), (gross.Key.Metric, gross.Figure));
    }

    [Fact]
    public void Nothing_is_told_of_half_a_snapshot_and_its_end_tells_where_the_desk_stands()
    {
        var desk = new TestDesk(netLimit: 1_000);
        desk.Put("A", 900);
        desk.Progress = new SnapshotProgress(1, default);

        Assert.Empty(desk.Put("A", 10)!.Utilisation);
        Assert.Equal([(Warning, Ok)], Moves(desk.Apply(Completed(1))!));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_desk_that_is_loaded_again_goes_on_where_it_stood(bool folded)
    {
        var desk = new TestDesk(netLimit: 1_000);
        desk.Put("A", 900);
        desk.Reload(folded ? desk.Desk.Checkpoint() : null, folded ? [.. desk.Desk.Positions] : null);

        Assert.Empty(desk.Put("A", 901)!.Utilisation);
        Assert.Equal([(Warning, Ok)], Moves(desk.Put("A", 1)!));
    }

    [Fact]
    public void A_desk_that_is_loaded_in_the_middle_of_a_snapshot_tells_where_it_stands_at_the_end_whatever_was_before()
    {
        var desk = new TestDesk(netLimit: 1_000);
        desk.Put("A", 900);
        desk.Progress = new SnapshotProgress(1, default);
        desk.Put("A", 10);
        desk.Reload(desk.Desk.Checkpoint(), [.. desk.Desk.Positions]);

        var told = Assert.Single(desk.Apply(Completed(1))!.Utilisation);
        Assert.Equal((null, Ok), (told.Before, told.After.State));
    }

    private static SnapshotCompletedInput Completed(int generation) =>
        new(TestDesk.Start, TestDesk.Feed, new CompletedSnapshot(generation, default), FeedState.Live);

    private static IEnumerable<(UtilisationState, UtilisationState)> Moves(JournalRecord record) =>
        record.Utilisation.Select(change => (change.Before!.Value, change.After.State));
}
