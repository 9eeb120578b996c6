using RiskMonitor.UseCases.Answers;
using RiskMonitor.WebConsole.Asking;

namespace RiskMonitor.WebConsole.Tests.Components;

/// <summary>Figures of a conclusion lead to their source.</summary>
public sealed class CitedTextTests
{
    [Fact]
    public void Each_figure_is_found_where_it_stands_by_itself()
    {
        const string Conclusion = "In breach: 1 of 18 desks. FX: 26,900,178.853 USD, 163 % of its limit of 8 USD.";

        var parts = CitedText.Parts(Conclusion, [Of("8 USD"), Of("1"), Of("26,900,178.853 USD"), Of("163 %"), Of("900")]);

        Assert.Equal(Conclusion, string.Concat(parts.Select(part => part.Text)));
        Assert.Equal(["1", "26,900,178.853 USD", "163 %", "8 USD"], parts.Where(part => part.Citation is not null).Select(part => part.Text));
    }

    private static Citation Of(string figure) => new(figure, $"/{figure}", DateTimeOffset.UnixEpoch);
}
