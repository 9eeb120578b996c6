using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Markets;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.UseCases.Exposures;

/// <summary>The dimensions by which exposure is summed: one or two of desk, trader, security and currency.</summary>
public sealed record ExposureGrouping(string Name, bool ByDesk, bool ByTrader, bool BySecurity, bool ByCurrency)
{
    private static readonly string[] s_dimensions = ["desk", "trader", "security", "currency"];

    /// <summary>Each dimension, then each pair of them.</summary>
    public static readonly IReadOnlyList<string> Names =
    [
        .. s_dimensions,
        .. s_dimensions.SelectMany((first, i) => s_dimensions.Skip(i + 1).Select(second => $"{first},{second}")),
    ];

    /// <summary>The groupings that do not show traders or securities.</summary>
    public static readonly IReadOnlyList<string> DeskLevel = [.. Names.Where(name => Of(name) is { IsBelowDesk: false })];

    public bool IsBelowDesk => ByTrader || BySecurity;

    /// <summary>A pair may be named in either order.</summary>
    /// <returns>Null if the name is not a grouping.</returns>
    public static ExposureGrouping? Parse(string text)
    {
        var parts = text.Split(',', StringSplitOptions.TrimEntries);
        var name = string.Join(',', s_dimensions.Where(parts.Contains));
        return parts.Length is 1 or 2 && parts.Distinct().Count() == parts.Length && parts.All(s_dimensions.Contains) ? Of(name) : null;
    }

    /// <summary>Sums cells to groups.</summary>
    public IReadOnlyList<ExposureGroup> Group(IEnumerable<ExposureCell> cells)
    {
        var groups = new Dictionary<ExposureKey, List<(string Currency, Totals Totals)>>();
        foreach (var cell in cells)
        {
            var key = new ExposureKey(
                ByDesk ? cell.Desk : null, ByTrader ? cell.TraderId : null, BySecurity ? cell.SecurityId : null, ByCurrency ? cell.Currency : null);
            if (!groups.TryGetValue(key, out var parts))
            {
                groups[key] = parts = [];
            }

            var known = parts.FindIndex(part => part.Currency == cell.Currency);
            if (known < 0)
            {
                parts.Add((cell.Currency, cell.Totals));
            }
            else
            {
                parts[known] = (cell.Currency, parts[known].Totals + cell.Totals);
            }
        }

        return [.. groups.Select(group => new ExposureGroup(group.Key, group.Value))];
    }

    private static ExposureGrouping Of(string name) => new(name, name.Contains("desk"), name.Contains("trader"), name.Contains("security"), name.Contains("currency"));
}

/// <summary>Positions that are equal in everything that exposure may be grouped by. Trader and security are null where the grouping does not need them.</summary>
public readonly record struct ExposureCell(string Desk, string? TraderId, string? SecurityId, string Currency, Totals Totals);

/// <param name="RowsAsOf">The cells contain every change up to this instant; null: they are as current as the figures.</param>
/// <param name="Missing">Desks that did not answer, so their cells are missing.</param>
/// <param name="Doubts">All problems of single desks, including missing ones.</param>
public sealed record ExposureCells(IEnumerable<ExposureCell> Cells, DateTimeOffset? RowsAsOf, IReadOnlyList<DeskDoubt> Missing, IReadOnlyList<DeskDoubt> Doubts);

/// <summary>The common values of a group's positions; null for dimensions that are not grouped by.</summary>
public sealed record ExposureKey(string? Desk, string? TraderId, string? SecurityId, string? Currency) : IComparable<ExposureKey>
{
    public int CompareTo(ExposureKey? other) =>
        other is null ? 1
        : Compare(Desk, other.Desk) is var byDesk and not 0 ? byDesk
        : Compare(TraderId, other.TraderId) is var byTrader and not 0 ? byTrader
        : Compare(SecurityId, other.SecurityId) is var bySecurity and not 0 ? bySecurity
        : Compare(Currency, other.Currency);

    private static int Compare(string? a, string? b) => string.CompareOrdinal(a, b);
}

/// <summary>One group with its sums by currency.</summary>
public sealed class ExposureGroup(ExposureKey key, IReadOnlyList<(string Currency, Totals Totals)> parts)
{
    public ExposureKey Key { get; } = key;

    public IReadOnlyList<(string Currency, Totals Totals)> Parts { get; } = parts;

    public Totals Totals { get; } = parts.Aggregate(default(Totals), (sum, part) => sum + part.Totals);

    public string Unit => Parts.Count switch
    {
        0 => "",
        1 => Parts[0].Currency,
        _ => Units.Mixed,
    };

    public Figures Figures() => new(Totals, Unit);

    public ExposureRow Row(decimal? threshold, MarketView? market) => new(Totals, Unit)
    {
        Desk = Key.Desk,
        TraderId = Key.TraderId,
        SecurityId = Key.SecurityId,
        Currency = Key.Currency,
        AboveThreshold = threshold is { } most ? Math.Abs(Totals.Net) > most : null,
        ReportingDelta = market?.Convert(Parts)?.Net is { } net ? (Money?)net : null,
    };
}
