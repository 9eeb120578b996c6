using RiskMonitor.Risk.Desks;

namespace RiskMonitor.Risk.Tests.Desks;

public class TotalsTests
{
    [Fact]
    public void A_sum_of_amounts_with_many_decimals_is_zero_once_all_have_gone()
    {
        decimal[] deltas = [999_999_999_999.12345678901234567m, 0.00000000000000001m, 123_456_789_012.98765432109876543m, 0.1m];

        var totals = deltas.Aggregate(default(Totals), (sum, delta) => sum.With(delta));
        var left = deltas.Aggregate(totals, (sum, delta) => sum.Without(delta));

        Assert.Equal(1_123_456_789_012.2111111101m, totals.Long);
        Assert.Equal(default, left);
    }

    [Fact]
    public void A_sum_does_not_depend_on_what_came_and_went_before()
    {
        var random = new Random(20261130);
        var held = new List<decimal>();
        var totals = default(Totals);
        for (var i = 0; i < 20_000; i++)
        {
            if (held.Count > 0 && random.Next(100) < 48)
            {
                var at = random.Next(held.Count);
                totals = totals.Without(held[at]);
                held.RemoveAt(at);
                continue;
            }

            // As the shortest decimal of a floating-point number may be.
            var delta = (decimal)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(14))) + (random.Next(1_000_000_000) * 1e-17m);
            held.Add(delta);
            totals = totals.With(delta);
        }

        Assert.Equal(held.Aggregate(default(Totals), (sum, delta) => sum.With(delta)), totals);
        Assert.Equal(held.AsEnumerable().Reverse().Aggregate(default(Totals), (sum, delta) => sum.With(delta)), totals);
    }
}
