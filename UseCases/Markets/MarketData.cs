using Microsoft.Extensions.Options;
using RiskMonitor.Risk.Markets;

namespace RiskMonitor.UseCases.Markets;

/// <summary>The newest market snapshot. Questions read it from memory, so the source's trouble never slows them.</summary>
public sealed class MarketData(IOptions<MarketDataOptions> options)
{
    private volatile Reading _newest = new(null, new CurrencyTable(options.Value.ReportingCurrency, []));

    public MarketSnapshot? Newest => _newest.Snapshot;

    public void Put(MarketSnapshot snapshot) => _newest = new Reading(snapshot, new CurrencyTable(options.Value.ReportingCurrency, snapshot.Rates));

    /// <summary>How figures look through it. A view remembers what it missed: one per answer.</summary>
    /// <returns>Null where no reporting currency is configured.</returns>
    public MarketView? View(DateTimeOffset now)
    {
        var (snapshot, currencies) = _newest;
        return options.Value.HasReporting ? new MarketView(snapshot, currencies, now - options.Value.StaleAfter) : null;
    }

    private sealed record Reading(MarketSnapshot? Snapshot, CurrencyTable Currencies);
}
