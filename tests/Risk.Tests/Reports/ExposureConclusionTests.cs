using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Reports;
using RiskMonitor.Risk.Tests.Desks;

namespace RiskMonitor.Risk.Tests.Reports;

public sealed class ExposureConclusionTests
{
    private static readonly FeedStatus Live = new(FeedState.Live, TestDesk.Start, TestDesk.Start, []);

    [Fact]
    public void A_sound_desk_is_within_its_limits()
    {
        var desk = new TestDesk(netLimit: 1_000, grossLimit: 2_000);
        desk.Put("P1", 500);
        desk.Put("P2", -100);

        Assert.Equal(
            "\"Equity Options\" is net long 400 USD (500 USD long, 100 USD short, gross 600 USD) over 2 positions. "
            + "It is within its intraday limit of net delta (40 % of 1,000 USD used) and gross delta (30 % of 2,000 USD used).",
            Conclusion(desk));
    }

    [Fact]
    public void A_breach_says_by_how_much_and_how_bad()
    {
        var desk = new TestDesk(netLimit: 1_000);
        desk.Put("P1", -1_600.25m);

        Assert.Equal(
            "\"Equity Options\" is net short 1,600.25 USD (0 USD long, 1,600.25 USD short, gross 1,600.25 USD) over 1 position. "
            + "It breaches its intraday net delta limit of 1,000 USD by 600.25 USD (CRITICAL). 1 breach episode open, the worst CRITICAL.",
            Conclusion(desk));
    }

    [Fact]
    public void A_desk_near_its_limit_is_called_close_to_it()
    {
        var desk = new TestDesk(netLimit: 1_000);
        desk.Put("P1", 900);

        Assert.Contains("close to its intraday net delta limit: 90 % of 1,000 USD used", Conclusion(desk), StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_deltas_make_within_the_limit_uncertain()
    {
        var desk = new TestDesk(netLimit: 1_000);
        desk.Put("P1", 100);
        desk.Put("P2", null);

        var conclusion = Conclusion(desk);

        Assert.DoesNotContain("It is within", conclusion, StringComparison.Ordinal);
        Assert.Contains("not certain", conclusion, StringComparison.Ordinal);
        Assert.Contains("1 position of 2 without a delta", conclusion, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FeedState.Stale, "silent (stale)")]
    [InlineData(FeedState.Building, "read anew (building)")]
    [InlineData(FeedState.Unproven, "unproven, the figures may be wrong: table truncated")]
    public void A_broken_feed_makes_within_the_limit_uncertain(FeedState state, string words)
    {
        var desk = new TestDesk(netLimit: 1_000);
        desk.Put("P1", 100);

        var conclusion = Conclusion(desk, new FeedStatus(state, null, null, ["table truncated"]));

        Assert.DoesNotContain("It is within", conclusion, StringComparison.Ordinal);
        Assert.Contains(words, conclusion, StringComparison.Ordinal);
    }

    [Fact]
    public void A_desk_whose_own_snapshot_is_being_read_is_building_whatever_the_feed_says()
    {
        var desk = new TestDesk(netLimit: 1_000) { Progress = new SnapshotProgress(1, default) };
        desk.Put("P1", 100);

        Assert.Contains("building", Conclusion(desk), StringComparison.Ordinal);
    }

    [Fact]
    public void Mixed_currencies_are_no_amount_of_money()
    {
        var desk = new TestDesk(netLimit: 1_000);
        desk.Put("P1", 100, currency: "EUR");
        desk.Put("P2", 100, currency: "JPY");

        Assert.Contains("without conversion", Conclusion(desk), StringComparison.Ordinal);
    }

    [Fact]
    public void Several_currencies_are_listed_one_by_one_and_their_sum_is_called_a_raw_sum()
    {
        var desk = new TestDesk(netLimit: 1_000);
        desk.Put("P1", 900, currency: "EUR");
        desk.Put("P2", 700, currency: "JPY");
        desk.Put("P3", -200, currency: "JPY");

        var conclusion = Conclusion(desk);

        Assert.Contains("in several currencies, which are not converted: EUR net long 900 (gross 900), JPY net long 500 (gross 900)", conclusion, StringComparison.Ordinal);
        Assert.Contains("which bounds the raw sum over currencies: that sum is 1,400 and over by 400", conclusion, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"\d mixed", conclusion);
    }

    [Fact]
    public void Without_a_limit_nothing_is_called_within_it()
    {
        var desk = new TestDesk(netLimit: null);
        desk.Put("P1", 100);

        Assert.Contains("No standard intraday limit is set", Conclusion(desk), StringComparison.Ordinal);
    }

    [Fact]
    public void A_desk_that_closed_everything_holds_no_positions()
    {
        var desk = new TestDesk(netLimit: 0);
        desk.Put("P1", 100);
        desk.Remove("P1");

        Assert.Equal(
            "\"Equity Options\" holds no positions. It is within its intraday limit of net delta (no exposure allowed, none carried).",
            Conclusion(desk));
    }

    [Theory]
    [InlineData("1234567.5000", "1,234,567.5 EUR")]
    [InlineData("-0.1234", "-0.1234 EUR")]
    public void Amounts_in_text_are_readable(string amount, string text) =>
        Assert.Equal(text, FigureText.Amount(decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture), "EUR"));

    [Fact]
    public void A_tiny_share_is_not_nothing() => Assert.Equal("less than 0.1 %", FigureText.Percent(0.0001m));

    private static string Conclusion(TestDesk desk, FeedStatus? feed = null)
    {
        var view = desk.Desk.ToView(desk.Now);
        return ExposureConclusion.Write(view, feed ?? Live, LimitUse.Of(view, "standard", "intraday", desk.Now), "standard", "intraday");
    }
}
