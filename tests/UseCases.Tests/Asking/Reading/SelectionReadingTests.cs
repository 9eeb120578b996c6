using RiskMonitor.UseCases.Asking.Reading;

namespace RiskMonitor.UseCases.Tests.Asking.Reading;

/// <summary>Exclusions, negations, amounts and currencies turn a question into another one: the reader uses them or reports that it cannot.</summary>
public sealed class SelectionReadingTests
{
    [Theory]
    [InlineData("all desks except Rates", "Rates")]
    [InlineData("all desks except for Rates", "Rates")]
    [InlineData("everything but Rates", "Rates")]
    [InlineData("total excluding Credit", "Credit")]
    [InlineData("total exposure without Rates and Credit", "Rates|Credit")]
    [InlineData("which desks are in breach other than Rates", "Rates")]
    [InlineData("largest desks apart from Rates, Credit and FX Spot", "Rates|Credit|FX Spot")]
    [InlineData("overview, leaving out FX Options", "FX Options")]
    [InlineData("alerts except those of Rates", "Rates")]
    [InlineData("total ex Rates", "Rates")]
    [InlineData("除了Rates以外的交易台", "Rates")]
    [InlineData("除 Rates 和 Credit 之外，哪些交易台超限", "Rates|Credit")]
    [InlineData("不含 Credit 的总敞口", "Credit")]
    [InlineData("总敞口，Rates 除外", "Rates")]
    public void Excluded_desks_are_not_queried(string question, string excluded)
    {
        var reading = Readings.Of(question);

        Assert.Equal(excluded.Split('|'), reading.Excluded);
        Assert.Empty(reading.Desks);
        Assert.Empty(reading.NotUsed);
        Assert.NotEqual(Topic.Unknown, reading.Topic);
    }

    [Theory]
    [InlineData("which desks are not in breach", "in_breach = false")]
    [InlineData("which desks aren't in breach?", "in_breach = false")]
    [InlineData("desks without breaches", "in_breach = false")]
    [InlineData("which desks have not exceeded their limit", "in_breach = false")]
    [InlineData("which desks are within their limits", "in_breach = false")]
    [InlineData("哪些交易台没有超限", "in_breach = false")]
    [InlineData("哪些交易台未超限", "in_breach = false")]
    [InlineData("which desks have no limit", "utilisation_state = no_limit")]
    [InlineData("哪些交易台没有限额", "utilisation_state = no_limit")]
    [InlineData("which desks are short", "delta < 0")]
    [InlineData("which desks are over 3 million", "net_delta > 3000000")]
    [InlineData("desks with net exposure above 3,000,000", "net_delta > 3000000")]
    [InlineData("which desks are over 3m?", "net_delta > 3000000")]
    [InlineData("which desks are over 3mm?", "net_delta > 3000000")]
    [InlineData("which desks have at least 3.5bn", "net_delta >= 3500000000")]
    [InlineData("which desks are below three million", "net_delta < 3000000")]
    [InlineData("which desks are not over 3 million", "net_delta <= 3000000")]
    [InlineData("which desks are over 3 million USD", "net_delta > 3000000|unit = USD")]
    [InlineData("desks over $3 million", "net_delta > 3000000|unit = USD")]
    [InlineData("desks between 1m and 5m", "net_delta >= 1000000|net_delta <= 5000000")]
    [InlineData("desks between 1 and 5 million", "net_delta >= 1000000|net_delta <= 5000000")]
    [InlineData("desks with gross exposure over 10 million", "gross_delta > 10000000")]
    [InlineData("which desks use more than 80% of their limit", "utilisation > 0.8")]
    [InlineData("utilisation over 80 percent", "utilisation > 0.8")]
    [InlineData("净敞口超过300万", "net_delta > 3000000")]
    [InlineData("哪些台子净敞口超过三百万", "net_delta > 3000000")]
    [InlineData("哪些交易台的使用率超过八成", "utilisation > 0.8")]
    [InlineData("净敞口超过三百万的交易台", "net_delta > 3000000")]
    [InlineData("哪些交易台的敞口大于1.5亿", "net_delta > 150000000")]
    [InlineData("哪些交易台的敞口低于300万美元", "net_delta < 3000000|unit = USD")]
    [InlineData("敞口300万以上的交易台", "net_delta >= 3000000")]
    [InlineData("使用率超过80%的交易台", "utilisation > 0.8")]
    public void Conditions_choose_the_desks(string question, string conditions)
    {
        var reading = Readings.Of(question);

        Assert.Empty(reading.NotUsed);
        Assert.Equal(Topic.Selection, reading.Topic);
        Assert.Equal(conditions.Split('|'), reading.Conditions);
    }

    [Theory]
    [InlineData("desks over 3.000.000")]
    [InlineData("which desks are over 3.000?")]
    [InlineData("which desks breached by more than 1 million")]
    [InlineData("non-critical alerts")]
    [InlineData("non-open alerts of Rates")]
    [InlineData("total net of Rates")]
    [InlineData("total exposure net of Rates")]
    [InlineData("total less Rates")]
    [InlineData("which desks never breached")]
    [InlineData("哪些交易台从未超限")]
    [InlineData("desks over 3 lakh")]
    [InlineData("desks over 3 crore")]
    [InlineData("desks over 50 bps")]
    [InlineData("desks with more than 2 traders")]
    [InlineData("desks over 3 times their limit")]
    [InlineData("which desks are below half of their limit")]
    [InlineData("desks with exposure less than minus 2 million")]
    [InlineData("exposure of Rates in thousands")]
    [InlineData("median exposure of Rates")]
    [InlineData("哪些交易台的使用率超过一半")]
    [InlineData("哪些交易台的使用率超过九成五")]
    [InlineData("哪些交易台的敞口超过两倍限额")]
    [InlineData("未确认的告警")]
    [InlineData("which desk is the smallest")]
    [InlineData("limits over 5 million")]
    [InlineData("alerts over 5 million")]
    [InlineData("positions over 5 million")]
    [InlineData("average exposure of Rates")]
    [InlineData("vega of Rates")]
    [InlineData("VaR of Rates")]
    [InlineData("exposure of Rates in EUR and USD")]
    [InlineData("exposure of Rates converted to EUR")]
    [InlineData("alerts in EUR")]
    [InlineData("unacknowledged alerts")]
    [InlineData("which desks breached their overnight limit")]
    [InlineData("if Rates sold everything, what would the exposure be")]
    [InlineData("exposure of Rates 12345")]
    [InlineData("total exposure excluding trader T1")]
    [InlineData("哪个交易台最小")]
    [InlineData("Rates 的平均敞口")]
    public void Words_that_cannot_be_used_are_reported_and_not_dropped(string question) => Assert.NotEmpty(Readings.Of(question).NotUsed);

    [Theory]
    [InlineData("is Rates in breach or not?")]
    [InlineData("who is in breach")]
    [InlineData("谁超限了")]
    [InlineData("what is the net of Rates")]
    [InlineData("Rates 目前的敞口")]
    [InlineData("前三大交易台")]
    [InlineData("Rates 前三名交易员")]
    [InlineData("isn't Rates in breach?")]
    [InlineData("exposure over all desks")]
    [InlineData("Rates 有没有超限")]
    [InlineData("is Rates over its limit?")]
    [InlineData("which desks are over their limits?")]
    [InlineData("compare the two desks Rates and Credit")]
    [InlineData("which is smaller, Rates or Credit?")]
    [InlineData("top 3 desks")]
    [InlineData("is Rates over 3 million?")]
    [InlineData("exposure of Rates in EUR")]
    [InlineData("exposure of Rates right now")]
    [InlineData("how much of its limit is used by Rates")]
    [InlineData("difference between Rates and Credit")]
    [InlineData("is Rates within its overnight limit?")]
    [InlineData("Rates 的限额用了多少")]
    [InlineData("日内限额")]
    public void Words_that_were_understood_are_not_reported_as_unused(string question)
    {
        var reading = Readings.Of(question);

        Assert.Empty(reading.NotUsed);
        Assert.NotEqual(Topic.Unknown, reading.Topic);
    }

    [Theory]
    [InlineData("exposure of Re\u0301sidence", "R\u00E9sidence")]
    [InlineData("exposure of r\u00E9sidence", "R\u00E9sidence")]
    [InlineData("exposure of \"Re\u0301sidence\"", "R\u00E9sidence")]
    [InlineData("exposure of \uFF21\uFF22\uFF23", "ABC")]
    [InlineData("exposure of Gru\u0308n and \u1100\u1161", "Gr\u00FCn|\uAC00")]
    public void A_name_is_found_however_its_characters_are_composed(string question, string desks) =>
        Assert.Equal(desks.Split('|'), Readings.Of(question, "UTC", "R\u00E9sidence", "ABC", "Gr\u00FCn", "\uAC00").Desks);

    [Theory]
    [InlineData("exposure of Rates", "Rates")]
    [InlineData("exposure of rates", "rates")]
    [InlineData("exposure of Re\u0301", "R\u00E9")]
    [InlineData("exposure of R\u00E9", "R\u00E9")]
    [InlineData("exposure of \uFF32ates", "\uFF32ates")]
    [InlineData("compare Rates and rates", "Rates|rates")]
    public void Desks_that_differ_in_case_or_width_only_are_distinguished(string question, string desks) =>
        Assert.Equal(desks.Split('|'), Readings.Of(question, "UTC", "Rates", "rates", "\uFF32ates", "R\u00E9").Desks);

    [Fact]
    public void Names_with_and_without_typing_errors_are_found_among_thirty_thousand()
    {
        string[] desks = [.. Enumerable.Range(0, 30_000).Select(i => $"Book {i:00000} {(char)('A' + (i % 26))}lpha"), "Emerging Markets"];

        Assert.Equal(["Book 01234 Mlpha"], Readings.Of("exposure of Book 01234 Mlpha", "UTC", desks).Desks);
        Assert.Equal(["Emerging Markets"], Readings.Of("exposure of Emergign Markets", "UTC", desks).Desks);
        Assert.Equal(["Emerging Markets"], Readings.Of("exposure of emerging", "UTC", desks).Desks);
    }
}
