using System.Text.Json;
using RiskMonitor.Llm.Figures;

namespace RiskMonitor.Llm.Tests.Figures;

public sealed class FigureCheckTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Rates is long and in breach, Credit is short and within its limit; Rates has two traders.</summary>
    private const string Rates = """
        {
          "as_of": "2026-05-04T12:00:00.000Z", "desk": "Rates",
          "feed": { "state": "live", "applied_through": "2026-05-04T11:59:59.000Z" },
          "exposure": {
            "delta": "1600000.5000", "gross_delta": "2400000.5000", "long_delta": "2000000.5000", "short_delta": "-400000.0000", "unit": "USD",
            "position_count": 12, "missing_delta_count": 0,
            "by_trader": [
              { "trader_id": "T1", "delta": "1900000.0000", "unit": "USD", "position_count": 7 },
              { "trader_id": "T2", "delta": "-299999.5000", "unit": "USD", "position_count": 5 }
            ]
          },
          "limit": { "limit_id": "net-9", "threshold": "1000000.0000", "warning_ratio": 0.8, "metric": "net_delta", "figure": "1600000.5000", "utilisation": 1.600001, "utilisation_state": "breach" },
          "utilisation": 1.600001, "utilisation_state": "breach",
          "breaches": [ { "alert_id": "5f0c5ad3-5a52-5a0c-9d55-0d6f6a4f9b11", "unit": "USD", "breach_amount": "600000.5000", "opened_at": "2026-05-04T09:30:15.250Z" } ]
        }
        """;

    private const string Credit = """
        {
          "as_of": "2026-05-04T12:00:00.000Z", "desk": "Credit",
          "exposure": { "delta": "-3120000.0000", "gross_delta": "3120000.0000", "unit": "EUR", "position_count": 4, "missing_delta_count": 0 },
          "utilisation": 0.78, "utilisation_state": "ok", "breaches": []
        }
        """;

    [Theory]
    [InlineData("Rates is net long 1,600,000.5 USD.")]
    [InlineData("Rates is net long 1600000.5 USD.")]
    [InlineData("Rates is net long USD 1,600,001.")]
    [InlineData("Rates carries $1.6 million.")]
    [InlineData("Rates carries $1.6m, or 160% of its limit of USD 1,000,000.")]
    [InlineData("Rates carries 1.60M USD over 12 positions.")]
    [InlineData("Rates uses 160.0 % of its limit, 1.6x what is allowed.")]
    [InlineData("Rates is over its limit by about 600,000 USD.")]
    [InlineData("Rates is 1.6 million dollars long, in one breach.")]
    [InlineData("Rates carries one point six million dollars.")]
    [InlineData("Rates has twelve positions.")]
    [InlineData("Rates is 2,000,000.5 USD long and 400,000 USD short.")]
    [InlineData("Rates breached its limit at 09:30 on 4 May 2026.")]
    [InlineData("Rates breached its limit at 2026-05-04T09:30:15Z.")]
    [InlineData("Credit is short 3,120,000 EUR; Rates is long 1.6 million USD.")]
    [InlineData("Credit stands at -3.12 million EUR.")]
    [InlineData("Rates and Credit carry 1,600,000.5 and -3,120,000 respectively.")]
    [InlineData("Rates carries a gross delta of 2,400,000.5 USD.")]
    [InlineData("Rates warns from 80% of its limit.")]
    [InlineData("The larger one is Credit. It is short EUR 3.12m.")]
    [InlineData("On Rates, trader T1 carries 1.9 million USD.")]
    [InlineData("1. Rates: 1.6 million USD\n2. Credit: -3.12 million EUR")]
    [InlineData("Rates 净多头 160 万美元。")]
    [InlineData("Rates 的敞口是 1,600,000.5 USD，限额为 100万美元，使用率 160%。")]
    [InlineData("Rates 的敞口约为一百六十万美元，共十二个头寸。")]
    [InlineData("Rates 已用限额的百分之一百六十。")]
    [InlineData("Credit 净空头 3.12 百万欧元。")]
    [InlineData("Rates 净多头 １，６００，０００．５ 美元。")]
    [InlineData("The limit net-9 of Rates is breached.")]
    [InlineData("Nothing here has a figure.")]
    public void What_the_results_say_is_proven(string text) => Assert.Null(Check(text).Problem);

    [Theory]
    [InlineData("Rates carries 1,700,000 USD.")]
    [InlineData("Rates carries 17 million USD.")]
    [InlineData("Rates carries two million USD.")]
    [InlineData("Rates carries millions of dollars.")]
    [InlineData("Rates carries a few hundreds of thousands.")]
    [InlineData("Rates uses 120% of its limit.")]
    [InlineData("Rates uses 16% of its limit.")]
    [InlineData("Rates uses 1600000.5% of its limit.")]
    [InlineData("Rates uses half of its limit.")]
    [InlineData("Rates exceeds its limit twice over.")]
    [InlineData("Rates holds 13 positions.")]
    [InlineData("Rates holds thirteen positions.")]
    [InlineData("Rates has 12 alerts.")]
    [InlineData("Rates has been in breach for 3 hours.")]
    [InlineData("Rates breached at 10:30.")]
    [InlineData("Rates breached at 09:30 CET.")]
    [InlineData("Rates breached on 5 May 2026.")]
    [InlineData("Rates breached on 2025-05-04.")]
    [InlineData("Rates will reach 5 by 2027.")]
    [InlineData("Rates is 3/4 used.")]
    [InlineData("Rates is ¾ used.")]
    [InlineData("Rates carries 1.600.000,5 USD.")]
    [InlineData("Rates carries 1,6 million USD.")]
    [InlineData("Rates carries 1​7​0​0​000 USD.")]
    [InlineData("Rates carries １７０００００ USD.")]
    [InlineData("Rates carries 𝟏𝟕𝟎𝟎𝟎𝟎𝟎 USD.")]
    [InlineData("Rates carries 1.7e6 USD.")]
    [InlineData("Rates carries 1.6×10^7 USD.")]
    [InlineData("Rates carries dos millones.")]
    [InlineData("Портфель Rates вырос вдвое.")]
    [InlineData("Rates 的敞口是两百万美元。")]
    [InlineData("Rates 的敞口是 160 亿美元。")]
    [InlineData("Rates 的敞口是几百万美元。")]
    [InlineData("Rates 有十三个头寸。")]
    [InlineData("The risk of Q3 weighs on Rates.")]
    public void A_figure_that_no_result_has_is_found(string text) => Assert.NotNull(Check(text).Problem);

    [Theory]
    [InlineData("Rates carries -1,600,000.5 USD.")]
    [InlineData("Rates is net short 1,600,000.5 USD.")]
    [InlineData("Rates is negative by 1.6 million USD.")]
    [InlineData("Credit carries 3,120,000 EUR.")]
    [InlineData("Credit is net long 3,120,000 EUR.")]
    [InlineData("Credit 净多头 312 万欧元。")]
    [InlineData("Rates 净空头 160 万美元。")]
    public void A_turned_sign_is_found(string text) => Assert.NotNull(Check(text).Problem);

    [Theory]
    [InlineData("Rates carries 1,600,000.5 EUR.")]
    [InlineData("Rates carries €1.6m.")]
    [InlineData("Rates carries £1.6m.")]
    [InlineData("In EUR, Rates carries 1,600,000.5.")]
    [InlineData("Credit is short 3,120,000 USD.")]
    [InlineData("Rates 的敞口是 160 万欧元。")]
    [InlineData("Rates may carry up to 1,000,000 GBP.")]
    public void A_swapped_currency_is_found(string text) => Assert.NotNull(Check(text).Problem);

    [Theory]
    [InlineData("Credit carries 1,600,000.5.")]
    [InlineData("Rates carries -3,120,000.")]
    [InlineData("Rates and Credit carry -3,120,000 and 1,600,000.5 respectively.")]
    [InlineData("Equity carries 1,600,000.5 USD.")]
    [InlineData("Credit holds 12 positions.")]
    [InlineData("The smaller one is Rates. It carries -3.12 million.")]
    [InlineData("On Rates, trader T2 carries 1.9 million USD.")]
    [InlineData("Rates carries 1.9 million USD.")]
    [InlineData("Credit uses 160% of its limit.")]
    public void A_figure_of_somebody_else_is_found(string text) => Assert.NotNull(Check(text).Problem);

    [Theory]
    [InlineData("Rates carries 2,400,000.5 USD.")]
    [InlineData("Rates carries a gross delta of 1,600,000.5 USD.")]
    [InlineData("Rates is net long 2 million USD.")]
    [InlineData("Rates carries 2 million USD.")]
    [InlineData("Rates uses 80% of its limit.")]
    [InlineData("Rates 用了限额的八成。")]
    public void A_figure_of_another_name_is_found(string text) => Assert.NotNull(Check(text).Problem);

    [Theory]
    [InlineData("Rates is within its limits.")]
    [InlineData("Rates is not in breach.")]
    [InlineData("No breaches anywhere.")]
    [InlineData("Credit is in breach of its limit.")]
    [InlineData("Rates 未超限。")]
    [InlineData("Credit 已超限。")]
    public void A_wrong_word_about_limits_is_found(string text) => Assert.NotNull(Check(text).Problem);

    [Theory]
    [InlineData("Rates breaches its limit; Credit is within its limit.")]
    [InlineData("Credit is not in breach.")]
    [InlineData("Rates is not within its limits.")]
    public void A_right_word_about_limits_passes(string text) => Assert.Null(Check(text).Problem);

    [Theory]
    [InlineData("Credit is net long 1,600,000.5 USD, over its limit of 1,000,000 USD.")]
    [InlineData("credit is net long 1.6 million USD.")]
    [InlineData("The Credit desk is net long 1.6 million USD.")]
    [InlineData("The credit desk carries 1.6 million USD.")]
    [InlineData("Rates is open. Credit is net long 1.6 million USD.")]
    [InlineData("Rates is fine, but Credit is net long 1.6 million USD.")]
    [InlineData("Rates is watched, while credit is net long 1.6 million USD.")]
    [InlineData("Rates is watched; Credit: 1.6 million USD.")]
    [InlineData("Credit: 1.6 million USD")]
    [InlineData("Credit (1.6 million USD) is over.")]
    [InlineData("The net delta of Credit is 1.6 million USD.")]
    [InlineData("Rates is calm, with Credit net long 1.6 million USD.")]
    [InlineData("A net delta of 1.6 million USD sits on Credit.")]
    [InlineData("Emerging Markets stands at 1.6 million USD.")]
    [InlineData("\"Credit\" uses 160% of its limit.")]
    [InlineData("**Credit** is net long 1.6 million USD.")]
    [InlineData("Credit is in breach of its limit.")]
    [InlineData("Credit is within its limits.")]
    [InlineData("Credit holds 12 positions.")]
    [InlineData("Credit 净多头 160 万美元。")]
    [InlineData("Credit 的敞口是 1,600,000.5 美元。")]
    [InlineData("信用交易台净多头 160 万美元。")]
    [InlineData("信用债净多头 160 万美元。")]
    [InlineData("Rates 正常，信用债净多头 160 万美元。")]
    [InlineData("Credit 已超限。")]
    public void A_figure_or_a_claim_of_somebody_whom_no_result_knows_is_found(string text) => Assert.NotNull(CheckRates(text).Problem);

    [Theory]
    [InlineData("Rates is net long 1.6 million USD. Its limit is 1,000,000 USD, and the desk uses 160% of it.")]
    [InlineData("The desk is net long 1.6 million USD, over its limit of 1,000,000 USD.")]
    [InlineData("Rates is in breach: the net delta of 1,600,000.5 USD exceeds the limit of 1,000,000 USD.")]
    [InlineData("On Rates the exposure stands at 1.6 million USD; utilisation is 160%.")]
    [InlineData("Rates, in USD, is net long 1.6 million USD, and the breach opened on 4 May 2026.")]
    [InlineData("Currently Rates holds 12 positions and is 160% utilised.")]
    [InlineData("该交易台净多头 160 万美元，限额为 100万美元。")]
    [InlineData("Rates 目前净多头 160 万美元，其限额为 100万美元，使用率 160%。")]
    public void What_is_said_of_the_desk_in_other_words_passes(string text) => Assert.Null(CheckRates(text).Problem);

    [Theory]
    [InlineData("Credit is net long 1,600,000.5 USD.")]
    [InlineData("Credit's delta is 1,600,000.5 USD.")]
    [InlineData("Credit exposure is 1,600,000.5 USD.")]
    [InlineData("Credit net exposure stands at 1,600,000.5 USD.")]
    [InlineData("The Credit exposure is 1,600,000.5 USD.")]
    [InlineData("EMG is net long 1,600,000.5 USD.")]
    [InlineData("EMG carries 1,600,000.5 USD.")]
    [InlineData("In credit the delta is 1,600,000.5 USD.")]
    [InlineData("The net delta of credit is 1,600,000.5 USD.")]
    [InlineData("Net delta for the credit team is 1,600,000.5 USD.")]
    [InlineData("Credit, with 1,600,000.5 USD net long, is over its limit.")]
    [InlineData("Rates is net long 1,600,000.5 USD, as is Credit.")]
    [InlineData("Rates is over its limit, and so is Credit.")]
    [InlineData("Rates is over its limit. Credit, too.")]
    [InlineData("Rates is over its limit; Credit likewise.")]
    [InlineData("Rates is net long 1,600,000.5 USD; same in Credit.")]
    [InlineData("Meanwhile Credit sits on 1,600,000.5 USD.")]
    [InlineData("We see Credit net long by 1,600,000.5 USD.")]
    [InlineData("According to the book, Credit owns 1,600,000.5 USD.")]
    [InlineData("1,600,000.5 USD is what Credit holds.")]
    [InlineData("1,600,000.5 USD net long: Credit.")]
    [InlineData("1,600,000.5 USD (Credit).")]
    [InlineData("Credit owes 1,600,000.5 USD.")]
    [InlineData("Credit must sell 600,000.5 USD.")]
    [InlineData("Jane Doe's position is 1,900,000 USD.")]
    [InlineData("Trader Jane carries 1.9 million USD.")]
    [InlineData("Equity derivatives are net long 1,600,000.5 USD.")]
    [InlineData("信贷净多头1,600,000.5美元。")]
    [InlineData("信贷的净敞口为1,600,000.5美元。")]
    [InlineData("信贷部净敞口1,600,000.5美元。")]
    [InlineData("信贷部门的敞口是1,600,000.5美元。")]
    [InlineData("在信贷方面，净敞口为1,600,000.5美元。")]
    [InlineData("信贷组合净多头160万美元。")]
    [InlineData("Credit 的敞口是1,600,000.5美元。")]
    [InlineData("Credit敞口为160万美元。")]
    [InlineData("目前信贷超出限额600,000.5美元。")]
    public void Another_name_in_any_place_of_a_sentence_is_found(string text) => Assert.NotNull(CheckRates(text).Problem);

    [Theory]
    [InlineData("Rates remains compliant.")]
    [InlineData("Rates is net long 1,600,000.5 USD and remains compliant with its mandate.")]
    [InlineData("Rates is net long 1,600,000.5 USD, inside its mandate.")]
    [InlineData("Rates is net long 1,600,000.5 USD, which is acceptable.")]
    [InlineData("Rates is net long 1,600,000.5 USD; no action is required.")]
    [InlineData("Rates is net long 1,600,000.5 USD. All is well.")]
    [InlineData("Rates is net long 1,600,000.5 USD, below the cap.")]
    [InlineData("Rates is comfortably under its ceiling.")]
    [InlineData("Rates is net long 1,600,000.5 USD. This is a false alarm.")]
    [InlineData("Rates is net long 1,600,000.5 USD. Disregard this alert.")]
    [InlineData("Rates is net long 1,600,000.5 USD. There is nothing to worry about.")]
    [InlineData("Rates has not exceeded its limit.")]
    [InlineData("Rates is nowhere near its limit.")]
    [InlineData("Rates has plenty of headroom.")]
    [InlineData("Rates 符合限额。")]
    [InlineData("Rates 净多头160万美元，风险可控。")]
    [InlineData("Rates 净多头160万美元，没有问题。")]
    [InlineData("Rates 净多头160万美元，合规。")]
    [InlineData("Rates 净多头160万美元，处于正常范围。")]
    [InlineData("Rates 净多头160万美元，无需采取行动。")]
    [InlineData("Rates 净多头160万美元，误报。")]
    [InlineData("Rates 的敞口低于上限。")]
    [InlineData("Rates is back at its limit.")]
    [InlineData("The breach is over.")]
    [InlineData("The breach has been cured.")]
    [InlineData("Rates is flat.")]
    [InlineData("Rates has no exposure.")]
    public void A_breach_that_is_played_down_is_found(string text) => Assert.NotNull(CheckRates(text).Problem);

    [Theory]
    [InlineData("Rates has a score of positions.")]
    [InlineData("Rates has a handful of positions.")]
    [InlineData("Rates has a couple of positions.")]
    [InlineData("Rates 敞口翻了一番。")]
    [InlineData("Rates 敞口翻倍。")]
    [InlineData("Rates ist mit siebzehnhunderttausend USD im Plus.")]
    public void A_quantity_that_names_no_number_is_found(string text) => Assert.NotNull(CheckRates(text).Problem);

    [Theory]
    [InlineData("Rates is net long 1,600,000.5 USD and over its limit of 1,000,000 USD.")]
    [InlineData("Rates must sell 600,000.5 USD to be back at its limit.")]
    [InlineData("To be back at the limit net delta must fall by 600,000.5 USD.")]
    [InlineData("Trader T1 contributes 1,900,000 USD, the largest share.")]
    [InlineData("No data is missing.")]
    [InlineData("Consider hedging 600,000.5 USD of delta.")]
    [InlineData("Rates 净多头 160 万美元，超出限额 600,000.5 美元。")]
    [InlineData("Reduce net delta by 600,000.5 USD.")]
    [InlineData("To bring the desk back under its limit sell 600,000.5 USD.")]
    [InlineData("Rates must not exceed its limit of 1,000,000 USD.")]
    [InlineData("Directional exposure is 1,600,000.5 USD.")]
    [InlineData("需减少净敞口 600,000.5 美元。")]
    [InlineData("Do not ignore this breach.")]
    [InlineData("The breach has not been cured; sell 600,000.5 USD.")]
    public void Advice_and_facts_about_the_breach_pass(string text) => Assert.Null(CheckRates(text).Problem);

    [Fact]
    public void Of_several_desks_the_text_names_the_one_that_it_means() => Assert.NotNull(Check("The desk is net long 1.6 million USD.").Problem);

    [Fact]
    public void A_citation_points_at_the_figure_and_says_its_instant()
    {
        var verdict = Check("Rates is net long 1.6 million USD over 12 positions.");

        Assert.Equal(
            [new FigureCitation("1.6 million USD", 0, "/exposure/delta", Noon), new FigureCitation("12", 0, "/exposure/position_count", Noon)],
            verdict.Citations);
    }

    [Theory]
    [InlineData("5,000,000", "Rates carries 5,000,000 USD.")]
    [InlineData("2 million USD", "Rates carries 2 million USD.")]
    [InlineData("3", "Rates has 3 positions.")]
    public void A_desk_whose_name_is_a_figure_vouches_for_none(string desk, string text) =>
        Assert.NotNull(FigureCheck.Check(text, Sources, [desk]).Problem);

    [Theory]
    [InlineData("1 ")]
    [InlineData("1,")]
    [InlineData("one ")]
    [InlineData("一")]
    [InlineData("一千 ")]
    [InlineData("Rates ")]
    [InlineData("Rates and ")]
    [InlineData("of 12 ")]
    [InlineData("-")]
    [InlineData("a million ")]
    [InlineData("12 of ")]
    [InlineData("USD ")]
    [InlineData("May ")]
    [InlineData("within its ")]
    public async Task A_long_text_of_anything_is_judged_at_once(string text) =>
        // A pattern that tries everything would take minutes.
        await Task.Run(() => Check(string.Concat(Enumerable.Repeat(text, 6_000 / text.Length)))).WaitAsync(TimeSpan.FromSeconds(10));

    [Fact]
    public void Digits_in_names_are_no_figures()
    {
        const string Result = """{ "desk": "Delta 1 (G10)", "exposure": { "delta": "5.0000", "unit": "USD" } }""";
        FigureSource[] sources = [new(Json(Result), Noon)];

        Assert.Null(FigureCheck.Check("Delta 1 (G10) carries 5 USD.", sources, []).Problem);
    }

    private static FigureVerdict Check(string text) => FigureCheck.Check(text, Sources, ["Rates", "Credit", "Equity"]);

    /// <summary>Only Rates is in the book.</summary>
    private static FigureVerdict CheckRates(string text) => FigureCheck.Check(text, [Sources[0]], ["Rates"]);

    private static FigureSource[] Sources => [new(Json(Rates), Noon), new(Json(Credit), Noon)];

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
