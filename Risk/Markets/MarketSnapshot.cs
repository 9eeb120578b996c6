namespace RiskMonitor.Risk.Markets;

/// <summary>Prices and exchange rates that belong together.</summary>
/// <param name="AsOf">The instant that the source gives them for.</param>
/// <param name="Prices">By security.</param>
public sealed record MarketSnapshot(
    string SnapshotId, DateTimeOffset AsOf, string Source, IReadOnlyDictionary<string, MarketPrice> Prices, IReadOnlyList<FxRate> Rates);

/// <summary>What one unit of an instrument is worth.</summary>
/// <param name="Currency">ISO 4217.</param>
public sealed record MarketPrice(string SecurityId, decimal Price, string Currency, DateTimeOffset At);

/// <summary>An exchange rate: <paramref name="Rate"/> units of <paramref name="Quote"/> for 1 <paramref name="Base"/>.</summary>
public sealed record FxRate(string Base, string Quote, decimal Rate, DateTimeOffset At);
