namespace RiskMonitor.Risk.Markets;

/// <summary>The newest market snapshot of this process, read from memory.</summary>
public interface IMarketViews
{
    /// <summary>Creates a view for one answer; the view records the prices and rates that are missing.</summary>
    /// <returns>Null where no reporting currency is configured.</returns>
    MarketView? View(DateTimeOffset now);
}
