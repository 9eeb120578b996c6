namespace RiskMonitor.Demo;

/// <summary>A row of the demo's <c>positions</c> table.</summary>
/// <param name="Delta">Null where the trading system has not priced it.</param>
public sealed record SamplePosition(
    string PositionId,
    string TraderId,
    string Desk,
    string SecurityId,
    decimal Quantity,
    decimal? Delta,
    DateOnly EntryDate,
    string Currency);
