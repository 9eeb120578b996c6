using System.Globalization;
using RiskMonitor.Risk.Desks;

using RiskMonitor.Risk.Figures;

namespace RiskMonitor.Risk.Reports;

/// <summary>Figures in running text: thousands separated, no trailing zeros. Programs read the JSON beside it, which is exact.</summary>
public static class FigureText
{
    /// <param name="unit">A currency, empty, or <c>mixed</c>: the figure is then called a raw sum, which it is.</param>
    public static string Amount(decimal amount, string unit)
    {
        var figure = amount.ToString("#,##0.####", CultureInfo.InvariantCulture);
        return unit.Length == 0 ? figure : $"{figure} {Units.Beside(unit)}";
    }

    /// <param name="share">1 is 100 %.</param>
    public static string Percent(decimal share) =>
        share is > 0 and < 0.0005m ? "less than 0.1 %" : Math.Abs(share) > Amounts.MostRatio ? "more than can be told" : $"{(share * 100).ToString("#,##0.#", CultureInfo.InvariantCulture)} %";

    public static string Count(int count, string noun) => $"{count.ToString("#,##0", CultureInfo.InvariantCulture)} {noun}{(count == 1 ? "" : "s")}";
}
