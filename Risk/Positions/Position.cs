using Orleans;

namespace RiskMonitor.Risk.Positions;

/// <summary>One row of the trading system's <c>positions</c> table.</summary>
/// <param name="Quantity">Signed, in units of the instrument.</param>
/// <param name="Delta">Cash delta of the whole position in <paramref name="Currency"/>, signed, quantity and multiplier already in it;
/// null while the trading system has not priced it: it counts as 0 and is reported as missing.</param>
/// <param name="Currency">ISO 4217 code of the delta.</param>
/// <param name="UpdatedAt">When the trading system last wrote the row; null where the feed does not say.</param>
[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.Position")]
public sealed record Position(
    [property: Id(0)] string PositionId,
    [property: Id(1)] string TraderId,
    [property: Id(2)] string Desk,
    [property: Id(3)] string SecurityId,
    [property: Id(4)] decimal Quantity,
    [property: Id(5)] decimal? Delta,
    [property: Id(6)] DateOnly EntryDate,
    [property: Id(7)] string Currency,
    [property: Id(8)] DateTimeOffset? UpdatedAt);
