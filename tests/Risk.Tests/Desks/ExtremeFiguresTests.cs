using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Positions;
using RiskMonitor.Risk.Reports;

namespace RiskMonitor.Risk.Tests.Desks;

/// <summary>Figures and limits at the edge of what a decimal holds: they come from older data, and nothing may fall over them.</summary>
public class ExtremeFiguresTests
{
    private const decimal Tiny = 0.0000000000000000000000000001m;

    [Theory]
    [InlineData("0.0000000000000000000000000001", "give at most 4 decimals")]
    [InlineData("1000000.00001", "give at most 4 decimals")]
    [InlineData("1000000000000000000", "below 10^18")]
    [InlineData("79228162514264337593543950335", "below 10^18")]
    public void A_threshold_that_the_column_cannot_hold_is_refused(string threshold, string problem) =>
        Assert.Contains(problem, TestDesk.NewLimit(decimal.Parse(threshold, System.Globalization.CultureInfo.InvariantCulture)).Problem());

    [Theory]
    [InlineData("0")]
    [InlineData("0.0001")]
    [InlineData("5000000.50000000")]
    [InlineData("999999999999999999.9999")]
    public void A_threshold_that_it_holds_is_taken(string threshold) =>
        Assert.Null(TestDesk.NewLimit(decimal.Parse(threshold, System.Globalization.CultureInfo.InvariantCulture)).Problem());

    [Fact]
    public void Ratios_and_steps_have_six_decimals_and_an_end()
    {
        var limit = TestDesk.NewLimit(100);
        Assert.StartsWith("warning_ratio", (limit with { WarningRatio = Tiny }).Problem());
        Assert.StartsWith("cure_ratio", (limit with { CureRatio = 0.1234567m }).Problem());
        Assert.StartsWith("severity_warning", (limit with { Severity = new SeveritySteps(Tiny, 0.5m) }).Problem());
        Assert.StartsWith("severity_steps", (limit with { Severity = new SeveritySteps(1, decimal.MaxValue) }).Problem());
        Assert.Null((limit with { WarningRatio = 0.123456m, CureRatio = 0, Severity = new SeveritySteps(0.000001m, 1_000_000) }).Problem());
    }

    [Fact]
    public void A_desk_under_a_stored_limit_of_nearly_nothing_is_in_breach_and_still_has_answers()
    {
        var desk = new TestDesk(Tiny, Tiny);
        desk.Put("P1", 999_999_999_999_999_999m);
        desk.Put("P2", 5m);
        Assert.Equal(2, desk.Desk.OpenEpisodes.Count());
        Assert.All(desk.Desk.OpenEpisodes, episode => Assert.Equal(Severity.Critical, episode.Severity));

        var view = desk.Desk.ToView(TestDesk.Start);
        var uses = LimitUse.Of(view, "standard", "intraday", TestDesk.Start);
        Assert.All(uses, use => Assert.Equal((null, UtilisationState.Breach), (use.Utilisation.Ratio, use.Utilisation.State)));
        var live = new FeedStatus(FeedState.Live, null, null, []);
        Assert.Contains("It breaches its intraday net delta limit", ExposureConclusion.Write(view, live, uses, "standard", "intraday"));

        desk.Put("P1", null);
        desk.Put("P2", 0m);
        Assert.Empty(desk.Desk.OpenEpisodes);
    }

    [Fact]
    public void Steps_that_overflow_grade_without_throwing() =>
        Assert.Equal(Severity.Info, Severities.Of(decimal.MaxValue, TestDesk.NewLimit(1e27m) with { Severity = new SeveritySteps(decimal.MaxValue / 2, decimal.MaxValue) }));

    [Theory]
    [InlineData("79228162514264337593543950335")]
    [InlineData("-79228162514264337593543950335")]
    [InlineData("1000000000000000000")]
    public void Positions_too_large_for_the_table_are_missing_and_do_not_stop_the_desk(string delta)
    {
        var huge = decimal.Parse(delta, System.Globalization.CultureInfo.InvariantCulture);
        var desk = new TestDesk(1_000);
        for (var i = 0; i < 5; i++)
        {
            desk.Put($"P{i}", huge);
        }

        desk.Put("small", 1_500m);
        Assert.Equal((1_500m, 6, 5), (desk.Desk.Totals.Net, desk.Desk.Totals.Count, desk.Desk.Totals.Missing));
        Assert.Single(desk.Desk.OpenEpisodes);

        desk.Remove("P0");
        desk.Put("P1", 7m);
        Assert.Equal((1_507m, 5, 3), (desk.Desk.Totals.Net, desk.Desk.Totals.Count, desk.Desk.Totals.Missing));
        desk.Reload();
        Assert.Equal((1_507m, 5, 3), (desk.Desk.Totals.Net, desk.Desk.Totals.Count, desk.Desk.Totals.Missing));
    }

    [Fact]
    public void The_largest_deltas_of_the_table_are_summed_exactly()
    {
        var desk = new TestDesk(null);
        for (var i = 0; i < 1_000; i++)
        {
            desk.Put($"P{i}", i % 2 == 0 ? 999_999_999_999_999_999.9999m : -999_999_999_999_999_999.9999m);
        }

        Assert.Equal(0m, desk.Desk.Totals.Net);
        Assert.Equal(999_999_999_999_999_999_999.9m, desk.Desk.Totals.Gross);
    }

    [Fact]
    public void A_quantity_too_large_for_the_table_leaves_its_security_without_a_sum()
    {
        var desk = new TestDesk();
        desk.Change(Held(desk, "A", decimal.MaxValue), Held(desk, "B", decimal.MaxValue));
        Assert.Null(Assert.Single(desk.Desk.ToView(null).Breakdown.Securities).Quantity);
        desk.Remove("A");
        desk.Change(Held(desk, "B", 3));
        Assert.Equal(3m, Assert.Single(desk.Desk.ToView(null).Breakdown.Securities).Quantity);

        static PositionChange Held(TestDesk desk, string id, decimal quantity) =>
            new(desk.NextDelivery(), id, TestDesk.Row(id, 1) with { Quantity = quantity }, null, null, null);
    }
}
