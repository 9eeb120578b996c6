using System.Text.Json;
using RiskMonitor.Alerting.Rules;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Limits;

namespace RiskMonitor.Alerting.Tests.Rules;

public sealed class RulesAnalystTests
{
    [Theory]
    [InlineData("0.0000000000000000000000000001")]
    [InlineData("0")]
    [InlineData("0.0001")]
    public async Task A_breach_of_a_limit_of_nearly_nothing_is_analysed(string threshold)
    {
        var report = Breaches.Report(
            new Totals(2_000_000_000_000_000_000_000_000_000m, -999m, 3, 0), decimal.Parse(threshold, System.Globalization.CultureInfo.InvariantCulture));
        var analysis = await new RulesAnalyst().AnalyseAsync(report, CancellationToken.None);
        Assert.Contains("(CRITICAL)", analysis.Text);
    }

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

    [Theory]
    [InlineData(RiskMetric.NetDelta)]
    [InlineData(RiskMetric.GrossDelta)]
    public async Task A_sum_of_several_currencies_is_told_by_currency_and_is_never_an_amount(RiskMetric metric)
    {
        var report = Mixed(Breaches.Report(new Totals(1_238_529.713m, -500, 9, 0), threshold: 500, metric: metric));

        var analysis = await new RulesAnalyst().AnalyseAsync(report, CancellationToken.None);

        Assert.Contains("JPY net long 1,237,529.713 (gross 1,237,529.713), EUR net long 500 (gross 1,500)", analysis.Text, StringComparison.Ordinal);
        Assert.Contains("no amount of money", analysis.Text, StringComparison.Ordinal);
        Assert.Contains("without conversion", analysis.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("must fall by", analysis.Text, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"\d mixed", analysis.Text);
        using var json = JsonDocument.Parse(analysis.Json);
        var assessment = json.RootElement.GetProperty("assessment");
        Assert.True(assessment.GetProperty("mixed_units").GetBoolean());
        Assert.Equal(
            [JsonValueKind.Null, JsonValueKind.Null, JsonValueKind.Null, JsonValueKind.Null],
            new[] { "reduction_needed", "largest_currency", "largest_currency_share", "net_to_gross" }.Select(name => assessment.GetProperty(name).ValueKind));
    }

    [Fact]
    public async Task A_cured_breach_over_several_currencies_is_told_by_currency_too()
    {
        var report = Mixed(Breaches.Report(new Totals(1_500, -500, 9, 0), threshold: 5_000));
        report = report with { Episode = report.Episode with { CuredAt = Breaches.Noon.AddMinutes(3), CureReason = CureReason.Figure } };

        var text = await TextOf(report);

        Assert.Contains("It now has a net delta of 1,000 as the raw sum over several currencies, which is no amount of money.", text, StringComparison.Ordinal);
        Assert.Contains("EUR net long 500", text, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"\d mixed", text);
    }

    private static EpisodeReport Mixed(EpisodeReport report) => report with
    {
        Unit = Units.Mixed,
        Episode = report.Episode with { Unit = Units.Mixed },
        Context = report.Context with
        {
            Currencies = [new Group("EUR", "EUR", new Totals(1_000, -500, 6, 0)), new Group("JPY", "JPY", new Totals(report.Context.Totals.Long - 1_000, 0, 3, 0))],
        },
    };

    private static async Task<string> TextOf(EpisodeReport report) =>
        (await new RulesAnalyst().AnalyseAsync(report, CancellationToken.None)).Text;
}
