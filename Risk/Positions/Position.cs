namespace RiskMonitor.Risk.Positions;

/// <summary>One row of the trading system's <c>positions</c> table.</summary>
/// <param name="Quantity">Signed, in units of the instrument.</param>
/// <param name="Delta">Cash delta of the whole position in <paramref name="Currency"/>, signed, quantity and multiplier already in it;
/// null while the trading system has not priced it: it counts as 0 and is reported as missing.</param>
/// <param name="Currency">ISO 4217 code of the delta.</param>
/// <param name="UpdatedAt">When the trading system last wrote the row; null where the feed does not say.</param>
public sealed record Position(
    string PositionId,
    string TraderId,
    string Desk,
    string SecurityId,
    decimal Quantity,
    decimal? Delta,
    DateOnly EntryDate,
    string Currency,
    DateTimeOffset? UpdatedAt);
