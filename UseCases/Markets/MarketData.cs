using Microsoft.Extensions.Options;
using RiskMonitor.Risk.Markets;

namespace RiskMonitor.UseCases.Markets;

/// <summary>The newest market snapshot. Answers read it from memory, so a slow or failing source does not delay them.</summary>
public sealed class MarketData(IOptions<MarketDataOptions> options) : IMarketViews
{
    private volatile Reading _newest = new(null, new CurrencyTable(options.Value.ReportingCurrency, []));

    public MarketSnapshot? Newest => _newest.Snapshot;

    public void Put(MarketSnapshot snapshot) => _newest = new Reading(snapshot, new CurrencyTable(options.Value.ReportingCurrency, snapshot.Rates));

    public MarketView? View(DateTimeOffset now)
    {
        var (snapshot, currencies) = _newest;
        return options.Value.HasReporting ? new MarketView(snapshot, currencies, now - options.Value.StaleAfter) : null;
    }

    private sealed record Reading(MarketSnapshot? Snapshot, CurrencyTable Currencies);
}
