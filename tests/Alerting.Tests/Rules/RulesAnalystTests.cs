using System.Text.Json;
using RiskMonitor.Alerting.Rules;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Limits;

namespace RiskMonitor.Alerting.Tests.Rules;

public sealed class RulesAnalystTests
{
    [Fact]
    public async Task A_breach_reads_as_what_happened_where_it_sits_how_sure_it_is_and_what_ends_it()
    {
        var text = await TextOf(Breaches.Report(new Totals(2_000_000, -400_000, 12, 0), threshold: 1_000_000));

        Assert.Equal(
            "\"Rates/EU\" is net long 1,600,000 EUR (net delta) against its intraday limit of 1,000,000 EUR: over by 600,000 EUR, 60 % above the limit (CRITICAL). "
            + "The net of 1,600,000 EUR is 2,000,000 EUR long and 400,000 EUR short over 12 positions, 66.7 % of the gross of 2,400,000 EUR: "
            + "little of it is offset within the desk, all of it in EUR. "
            + "Every position has a delta and the feed was live when this was judged. "
            + "To be back at the limit net delta must fall by 600,000 EUR in size: sell that much delta or hedge it.",
            text);
    }

    [Fact]
    public async Task A_short_desk_is_told_to_buy()
    {
        var text = await TextOf(Breaches.Report(new Totals(0, -1_500_000.25m, 3, 0), threshold: 1_000_000));

        Assert.Contains("is net short 1,500,000.25 EUR", text, StringComparison.Ordinal);
        Assert.Contains("must fall by 500,000.25 EUR in size: buy", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gross_breach_is_ended_by_closing_positions_not_by_hedging()
    {
        var report = Breaches.Report(new Totals(700, -700, 4, 0), threshold: 1_000, metric: RiskMetric.GrossDelta);

        var text = await TextOf(report);

        Assert.Contains("carries a gross delta of 1,400 EUR", text, StringComparison.Ordinal);
        Assert.Contains("gross delta must fall by 400 EUR", text, StringComparison.Ordinal);
        Assert.Contains("hedging with new ones does not", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_deltas_a_broken_feed_and_mixed_currencies_are_said()
    {
        var report = Breaches.Report(new Totals(1_500, 0, 9, 4), threshold: 1_000) with { Unit = Units.Mixed, Feed = FeedState.Stale };

        var text = await TextOf(report);

        Assert.Contains("incomplete: 4 of 9 positions have no delta", text, StringComparison.Ordinal);
        Assert.Contains("several currencies without conversion", text, StringComparison.Ordinal);
        Assert.Contains("stale", text, StringComparison.Ordinal);
        Assert.DoesNotContain("feed was live", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unproven_feed_is_said() =>
        Assert.Contains("unproven", await TextOf(Breaches.Report(new Totals(1_500, 0, 9, 0), threshold: 1_000) with { Feed = FeedState.Unproven }), StringComparison.Ordinal);

    [Fact]
    public async Task At_a_limit_of_zero_all_exposure_is_over()
    {
        var text = await TextOf(Breaches.Report(new Totals(5, 0, 1, 0), threshold: 0));

        Assert.Contains("no exposure is allowed", text, StringComparison.Ordinal);
        Assert.Contains("must fall by 5 EUR", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_escalation_tells_where_the_breach_came_from()
    {
        var report = Breaches.Report(new Totals(1_600, 0, 2, 0), threshold: 1_000);
        report = report with { Episode = report.Episode with { Revision = 2, OpenedValue = 1_100 } };

        Assert.Contains("since it opened at 2026-05-04T12:00:00.000Z with 1,100 EUR: this is revision 2", await TextOf(report), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CureReason.Figure, "the figure came back")]
    [InlineData(CureReason.LimitChanged, "the limit was changed")]
    [InlineData(CureReason.Incomplete, "nobody knows whether the risk did")]
    public async Task A_cured_breach_says_why_it_is_over_and_asks_for_nothing(CureReason reason, string words)
    {
        var report = Breaches.Report(new Totals(900, 0, 2, 0), threshold: 1_000);
        report = report with { Episode = report.Episode with { PeakValue = 1_300, CuredAt = Breaches.Noon.AddMinutes(3), CureReason = reason } };

        var text = await TextOf(report);

        Assert.Contains(words, text, StringComparison.Ordinal);
        Assert.Contains("2026-05-04T12:03:00.000Z", text, StringComparison.Ordinal);
        Assert.Contains("It now is net long 900 EUR", text, StringComparison.Ordinal);
        Assert.DoesNotContain("must fall", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_below_desk_level_is_named_in_the_text()
    {
        var analysis = await new RulesAnalyst().AnalyseAsync(Breaches.Report(new Totals(1_500, 0, 9, 0), threshold: 1_000), CancellationToken.None);

        Assert.DoesNotContain("trader-7", analysis.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("BUND-10Y", analysis.Text, StringComparison.Ordinal);
        Assert.Contains("trader-7", analysis.Json, StringComparison.Ordinal);
        Assert.Contains("BUND-10Y", analysis.Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_figures_for_programs_are_exact_and_say_the_same_as_the_text()
    {
        var analysis = await new RulesAnalyst().AnalyseAsync(Breaches.Report(new Totals(2_000_000.5m, -400_000, 12, 1), threshold: 1_000_000), CancellationToken.None);

        using var json = JsonDocument.Parse(analysis.Json);
        var figures = json.RootElement.GetProperty("figures");
        Assert.Equal("rules", analysis.Source);
        Assert.Equal("1600000.5000", figures.GetProperty("value").GetString());
        Assert.Equal("600000.5000", figures.GetProperty("breach_amount").GetString());
        Assert.Equal("2400000.5000", figures.GetProperty("gross_delta").GetString());
        Assert.Equal(0.600001m, figures.GetProperty("overshoot").GetDecimal());
        var assessment = json.RootElement.GetProperty("assessment");
        Assert.Equal("600000.5000", assessment.GetProperty("reduction_needed").GetString());
        Assert.Equal(["incomplete"], assessment.GetProperty("caveats").EnumerateArray().Select(caveat => caveat.GetString()));
        Assert.Equal("trader-7", json.RootElement.GetProperty("drivers").GetProperty("traders")[0].GetProperty("trader_id").GetString());
    }

    [Fact]
    public async Task The_largest_currency_is_named_with_its_share()
    {
        var report = Breaches.Report(new Totals(1_500, -500, 9, 0), threshold: 500) with { Unit = Units.Mixed };
        report = report with
        {
            Context = report.Context with
            {
                Currencies = [new Group("EUR", "EUR", new Totals(1_000, -500, 6, 0)), new Group("USD", "USD", new Totals(500, 0, 3, 0))],
            },
        };

        Assert.Contains("EUR is the largest currency with 75 % of the gross", await TextOf(report), StringComparison.Ordinal);
    }

    private static async Task<string> TextOf(EpisodeReport report) =>
        (await new RulesAnalyst().AnalyseAsync(report, CancellationToken.None)).Text;
}
