using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Figures;

namespace RiskMonitor.Risk.Markets;

/// <summary>
/// Sums seen through a market snapshot: deltas and present values in the reporting currency, beside the raw ones and never instead of them.
/// What has no rate or no price has no converted figure, and is remembered together with what was used although it was old.
/// </summary>
public sealed class MarketView
{
    private readonly SortedSet<string> _missingRates = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _missingPrices = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _staleRates = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _stalePrices = new(StringComparer.Ordinal);
    private readonly MarketSnapshot? _snapshot;
    private readonly CurrencyTable _currencies;
    private readonly DateTimeOffset _freshFrom;

    /// <param name="snapshot">Null while there is none: everything is missing, but for what is in the reporting currency anyway.</param>
    /// <param name="currencies">Made of its rates.</param>
    /// <param name="freshFrom">Rates and prices from before are stale.</param>
    public MarketView(MarketSnapshot? snapshot, CurrencyTable currencies, DateTimeOffset freshFrom)
    {
        _snapshot = snapshot;
        _currencies = currencies;
        _freshFrom = freshFrom;
    }

    public string Reporting => _currencies.Reporting;

    public MarketSnapshot? Snapshot => _snapshot;

    /// <summary>Currencies without a rate, by code; only of what was asked so far.</summary>
    public IReadOnlyCollection<string> MissingRates => _missingRates;

    /// <summary>Securities without a price that can be valued.</summary>
    public IReadOnlyCollection<string> MissingPrices => _missingPrices;

    public IReadOnlyCollection<string> StaleRates => _staleRates;

    public IReadOnlyCollection<string> StalePrices => _stalePrices;

    /// <summary>Totals of several currencies as one, each at its rate.</summary>
    /// <returns>Null when a currency among them has no rate: a sum without it would be another figure.</returns>
    public Totals? Convert(IEnumerable<(string Currency, Totals Totals)> parts)
    {
        var sum = default(Totals);
        var complete = true;
        foreach (var (currency, totals) in parts)
        {
            if (RateOf(currency) is not { } rate)
            {
                complete = false;
                continue;
            }

            if (Amounts.Sum(sum.Long, Amounts.Product(totals.Long, rate)) is not { } longs
                || Amounts.Sum(sum.Short, Amounts.Product(totals.Short, rate)) is not { } shorts)
            {
                // No true rate makes an amount that has no figure.
                _missingRates.Add(currency);
                complete = false;
                continue;
            }

            sum = new Totals(longs, shorts, sum.Count + totals.Count, sum.Missing + totals.Missing);
        }

        return complete ? sum : null;
    }

    /// <summary>Quantity × price, in the reporting currency.</summary>
    /// <param name="quantity">Null where it has no sum.</param>
    /// <returns>Null without a price, without a rate for the price's currency, and where the value has no figure.</returns>
    public decimal? PresentValue(string securityId, decimal? quantity)
    {
        if (_snapshot?.Prices.GetValueOrDefault(securityId) is not { } price || quantity is not { } held)
        {
            _missingPrices.Add(securityId);
            return null;
        }

        if (price.At < _freshFrom)
        {
            _stalePrices.Add(securityId);
        }

        if (RateOf(price.Currency) is not { } rate)
        {
            return null;
        }

        var inReporting = Amounts.Product(held, price.Price) is { } value ? Amounts.Product(value, rate) : null;
        if (inReporting is null)
        {
            // No true price makes a value that has no figure.
            _missingPrices.Add(securityId);
        }

        return inReporting;
    }

    private decimal? RateOf(string currency)
    {
        if (_currencies.ValueOf(currency) is not { } value)
        {
            _missingRates.Add(currency);
            return null;
        }

        if (value.At < _freshFrom)
        {
            _staleRates.Add(currency);
        }

        return value.Rate;
    }
}
