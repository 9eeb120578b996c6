using RiskMonitor.Risk.Desks;

namespace RiskMonitor.Risk.Reports;

/// <summary>What can be said of positions in several currencies without converting them: an amount for each.</summary>
public static class CurrencyText
{
    private const int MostNamed = 8;

    /// <summary>As in <c>EUR net long 100 (gross 300), JPY net short 20,000 (gross 20,000), and 2 more</c>; the largest number first.</summary>
    /// <param name="count">How many currencies there are; more than <paramref name="currencies"/> where only the leading ones are known. Null: these are all.</param>
    public static string Breakdown(IReadOnlyCollection<Group> currencies, int? count = null)
    {
        var named = currencies.OrderByDescending(group => group.Totals.Gross).ThenBy(group => group.Key, StringComparer.Ordinal).Take(MostNamed)
            .Select(group => $"{Net(group)} (gross {FigureText.Amount(group.Totals.Gross, "")})")
            .ToList();
        var more = (count ?? currencies.Count) - named.Count;
        return string.Join(", ", named) + (more > 0 ? $", and {more} more" : "");
    }

    private static string Net(Group group) => group.Totals.Net == 0
        ? $"{group.Key} flat"
        : $"{group.Key} net {(group.Totals.Net > 0 ? "long" : "short")} {FigureText.Amount(Math.Abs(group.Totals.Net), "")}";
}
