using RiskMonitor.Risk.Desks;

namespace RiskMonitor.Risk.Positions;

/// <summary>
/// The positions that desks hold, as rows. Rows follow the journal in the background; each answer says which desks' rows are behind it, read in
/// the same snapshot. A desk that folds before the question is asked answers with everything that was durable then.
/// </summary>
public interface IPositionQueries
{
    /// <summary>One page in the order of (desk, position id), by Unicode code points.</summary>
    Task<PositionPage> ListAsync(PositionFilter filter, PositionCursor? after, int atMost, CancellationToken cancellationToken);

    /// <summary>Exact sums over all positions that the filter lets through, in no particular order.</summary>
    Task<PositionSums> SumAsync(PositionFilter filter, CancellationToken cancellationToken);

    /// <summary>The desks whose rows are behind their journal.</summary>
    /// <param name="desks">Those to look at; null: all.</param>
    Task<IReadOnlyList<UnfoldedDesk>> UnfoldedAsync(IReadOnlyCollection<string>? desks, CancellationToken cancellationToken);
}

/// <summary>Which positions; null lets all through.</summary>
/// <param name="Desks">Exact names; an empty collection lets none through.</param>
/// <param name="EntryDateFrom">The first date that is let through.</param>
/// <param name="EntryDateTo">The last one.</param>
public sealed record PositionFilter(
    IReadOnlyCollection<string>? Desks = null,
    string? TraderId = null,
    string? SecurityId = null,
    string? Currency = null,
    DateOnly? EntryDateFrom = null,
    DateOnly? EntryDateTo = null);

/// <summary>The last position of a page; the next page begins after it, whether or not it is still there.</summary>
public sealed record PositionCursor(string Desk, string PositionId);

/// <param name="Total">All positions that the filter lets through.</param>
/// <param name="Next">Null on the last page.</param>
/// <param name="Unfolded">The filter's desks whose rows are behind; empty when all are current.</param>
public sealed record PositionPage(IReadOnlyList<Position> Positions, long Total, PositionCursor? Next, IReadOnlyList<UnfoldedDesk> Unfolded)
{
    /// <summary>Everything recorded before this instant is in the rows; null when nothing is behind.</summary>
    public DateTimeOffset? FoldedThrough => UnfoldedDesk.FoldedThrough(Unfolded);

    /// <summary>Desks of which a row of this page cannot be read and is left out.</summary>
    public IReadOnlyList<string> Unreadable { get; init; } = [];
}

/// <param name="Unfolded">As on a <see cref="PositionPage"/>.</param>
public sealed record PositionSums(IReadOnlyList<PositionSum> Sums, IReadOnlyList<UnfoldedDesk> Unfolded)
{
    /// <inheritdoc cref="PositionPage.FoldedThrough"/>
    public DateTimeOffset? FoldedThrough => UnfoldedDesk.FoldedThrough(Unfolded);

    /// <summary>Desks of which a row cannot be read: they are in no sum.</summary>
    public IReadOnlyList<string> Unreadable { get; init; } = [];
}

/// <summary>What one trader of a desk holds of a security, in one currency.</summary>
/// <param name="Quantity">Sum of the quantities, signed, in units of the instrument.</param>
public sealed record PositionSum(string Desk, string TraderId, string SecurityId, string Currency, Totals Totals, decimal Quantity);

/// <summary>A desk whose rows do not show its newest records yet.</summary>
/// <param name="Since">When the oldest record was made that they do not show.</param>
public sealed record UnfoldedDesk(string Desk, DateTimeOffset Since)
{
    internal static DateTimeOffset? FoldedThrough(IReadOnlyList<UnfoldedDesk> desks) => desks.Count == 0 ? null : desks.Min(desk => desk.Since);
}
