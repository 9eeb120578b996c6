using System.Text.Json;
using RiskMonitor.Llm.Figures;

namespace RiskMonitor.Llm.Tests.Figures;

/// <summary>A desk with two limits, of which the net one is in breach, and with what its last records did to its sums.</summary>
public sealed class ChangesAndLimitsTests
{
    private static readonly DateTimeOffset s_noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private const string Facts = """
        {
          "desk": "Rates", "metric_name": "net_delta", "breach_state": "open", "utilisation_state": "breach",
          "breach": { "unit": "EUR", "metric_value": "1600000.0000", "threshold_value": "1000000.0000", "breach_amount": "600000.0000", "overshoot": 0.6 },
          "exposure": { "delta": "1600000.0000", "gross_delta": "2400000.0000", "unit": "EUR", "position_count": 12 },
          "limits": [
            { "metric": "net_delta", "threshold_value": "1000000.0000", "unit": "EUR", "utilisation": 1.6, "utilisation_state": "breach" },
            { "metric": "gross_delta", "threshold_value": "3000000.0000", "unit": "EUR", "utilisation": 0.8, "utilisation_state": "warning" }
          ],
          "recent_changes": [
            { "at": "2026-05-04T11:58:30.000Z", "what": "positions", "change_count": 3, "net_change": "450000.0000", "gross_change": "450000.0000", "unit": "EUR" },
            { "at": "2026-05-04T11:57:00.000Z", "what": "positions", "change_count": 1, "net_change": "-70000.0000", "gross_change": "90000.0000", "unit": "EUR" }
          ],
          "market": { "state": "live", "snapshot_as_of": "2026-05-04T11:59:40.000Z", "currency": "USD", "delta": "1728000.0000", "gross_delta": "2592000.0000" }
        }
        """;

    [Theory]
    [InlineData("Rates is net long 1.6 million EUR, 60% above its limit of 1,000,000 EUR.")]
    [InlineData("Rates is in breach of its limit of 1,000,000 EUR.")]
    [InlineData("Rates is net long 1.6 million EUR. It uses 160% of its limit.")]
    [InlineData("Rates uses 80% of its gross limit of 3,000,000 EUR.")]
    [InlineData("Rates is net long 1.6 million EUR and uses 80% of its gross limit.")]
    [InlineData("The gross delta of Rates uses 80% of its limit.")]
    [InlineData("The net delta of Rates rose by 450,000 EUR at 11:58 UTC, with 3 changes.")]
    [InlineData("The net delta of Rates has risen by 450,000 EUR.")]
    [InlineData("The net delta of Rates fell by 70,000 EUR at 11:57 UTC.")]
    [InlineData("The net delta of Rates moved by -70,000 EUR.")]
    [InlineData("The gross delta of Rates increased by 90,000 EUR.")]
    [InlineData("Rates 的净 Delta 增加了 450,000 欧元。")]
    [InlineData("Rates is net long 1,728,000 USD by the snapshot of 11:59:40 UTC.")]
    public void What_the_context_says_is_proven(string text) => Assert.Null(Check(text));

    [Theory]
    [InlineData("Rates is net long 1.6 million EUR against its limit of 3,000,000 EUR.")]
    [InlineData("Rates is in breach of its limit of 3,000,000 EUR.")]
    [InlineData("Rates uses 80% of its limit.")]
    [InlineData("Rates uses 80% of its net limit.")]
    [InlineData("Rates uses 160% of its gross limit.")]
    [InlineData("Rates is net long 1.6 million EUR, 80% of its limit.")]
    [InlineData("The gross delta of Rates is 2.4 million EUR against its limit of 1,000,000 EUR.")]
    public void One_limit_passed_off_as_the_other_is_found(string text) => Assert.NotNull(Check(text));

    [Theory]
    [InlineData("Rates is net long 450,000 EUR.")]
    [InlineData("Rates carries 450,000 EUR.")]
    [InlineData("Rates holds 3 positions.")]
    [InlineData("Rates holds 2 positions.")]
    [InlineData("The net delta of Rates fell by 450,000 EUR.")]
    [InlineData("The net delta of Rates rose by 70,000 EUR.")]
    [InlineData("The net delta of Rates rose by 90,000 EUR.")]
    [InlineData("The gross delta of Rates fell by 70,000 EUR.")]
    [InlineData("The net delta of Rates must have gone up by 450,000 EUR.")]
    [InlineData("The breach of Rates ends if net delta went down by 70,000 EUR.")]
    [InlineData("Selling 450,000 EUR of delta would end the breach of Rates.")]
    [InlineData("The net delta of Rates should be decreased by 70,000 EUR.")]
    [InlineData("The net delta of Rates rose by 450,000 USD.")]
    [InlineData("Rates 的净 Delta 减少了 450,000 欧元。")]
    [InlineData("Rates is net long 1,728,000 EUR.")]
    [InlineData("Rates is net long 1.6 million USD.")]
    public void A_change_passed_off_as_something_else_is_found(string text) => Assert.NotNull(Check(text));

    private static string? Check(string text) =>
        FigureCheck.Check(text, [new FigureSource(JsonDocument.Parse(Facts).RootElement, s_noon, "Rates")], ["Rates"]).Problem;
}
