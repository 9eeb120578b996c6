using RiskMonitor.Risk.Figures;

namespace RiskMonitor.Risk.Tests.Figures;

public class AmountsTests
{
    private static readonly decimal[] Edges =
    [
        0, 0.0000000000000000000000000001m, 0.5m, 1, 1.5m, 1e14m, 1e15m, 79_228_162_514_264.3m, 1e18m, 1e27m, 1e28m, decimal.MaxValue,
    ];

    [Fact]
    public void No_pair_of_decimals_makes_it_throw()
    {
        foreach (var a in Edges.SelectMany(edge => new[] { edge, -edge }))
        {
            foreach (var b in Edges.SelectMany(edge => new[] { edge, -edge }))
            {
                Assert.True(Amounts.Sum(a, b) is null or (>= -Amounts.Most and <= Amounts.Most));
                Assert.True(Amounts.Product(a, b) is null or (>= -Amounts.Most and <= Amounts.Most));
                Assert.True(Amounts.Ratio(a, b) is null or (>= -Amounts.MostRatio and <= Amounts.MostRatio));
            }
        }
    }

    [Fact]
    public void What_has_a_figure_is_exact()
    {
        Assert.Equal(1_000_000_000_000_000_000.5m, Amounts.Sum(1_000_000_000_000_000_000m, 0.5m));
        Assert.Equal(-3_000m, Amounts.Product(-1_500, 2));
        Assert.Equal(2_000_000_000_000_000_000_000_000m, Amounts.Product(2e23m, 10));
        Assert.Equal(0.25m, Amounts.Ratio(1, 4));
        Assert.Equal(1e15m, Amounts.Ratio(1e15m, 1));
    }

    [Theory]
    [InlineData("1000000.50", true)]
    [InlineData("-0.0001", true)]
    [InlineData("1.5e3", true)]
    [InlineData("00012.00", true)]
    [InlineData("0.00", true)]
    [InlineData("79228162514264337593543950335", true)]
    [InlineData("1e-30", false)]
    [InlineData("0.00000000000000000000000000004", false)]
    [InlineData("1.00000000000000000000000000000001", false)]
    [InlineData("79228162514264337593543950336", false)]
    [InlineData("1e400", false)]
    [InlineData("1,000", false)]
    [InlineData("", false)]
    public void A_number_is_read_only_with_all_of_its_digits(string text, bool isRead) =>
        Assert.Equal(isRead, Amounts.TryParse(text, mayHaveExponent: true, out _));
}
