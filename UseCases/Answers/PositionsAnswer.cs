using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.UseCases.Answers;

/// <summary>A page of positions.</summary>
public sealed record PositionsAnswer : ListAnswer
{
    internal PositionsAnswer(CallContext context, FeedStatus feed, long total, int returned, string? nextCursor)
        : base(context, feed, total, returned, nextCursor)
    {
    }

    /// <summary>The rows hold every change of their desks up to this; null: every change that the figures hold.</summary>
    public required DateTimeOffset? RowsAsOf { get; init; }

    public required IReadOnlyList<PositionAnswer> Positions { get; init; }

    /// <summary>Desks that cannot be read and are missing here.</summary>
    public IReadOnlyList<UnavailableDeskAnswer> UnavailableDesks { get; init; } = [];
}

/// <summary>A position as the trading system last reported it.</summary>
/// <param name="Quantity">Signed, in units of the instrument.</param>
/// <param name="Delta">Cash delta of the whole position in <paramref name="Currency"/>; null where the trading system gave none: it counts as 0.</param>
public sealed record PositionAnswer(
    string PositionId,
    string Desk,
    string TraderId,
    string SecurityId,
    Money Quantity,
    Money? Delta,
    string Currency,
    DateOnly EntryDate,
    DateTimeOffset? UpdatedAt)
{
    public static PositionAnswer Of(Position row) => new(
        row.PositionId, row.Desk, row.TraderId, row.SecurityId, row.Quantity, row.Delta is { } delta ? (Money?)delta : null, row.Currency, row.EntryDate, row.UpdatedAt);
}
