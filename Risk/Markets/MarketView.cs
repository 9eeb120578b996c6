using RiskMonitor.Risk.Desks;

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
            if (RateOf(currency) is not { } rate || Product(totals.Long, rate) is not { } longs || Product(totals.Short, rate) is not { } shorts)
            {
                complete = false;
                continue;
            }

            sum += totals with { Long = longs, Short = shorts };
        }

        return complete ? sum : null;
    }

    /// <summary>Quantity × price, in the reporting currency.</summary>
    /// <returns>Null without a price, or without a rate for the price's currency.</returns>
    public decimal? PresentValue(string securityId, decimal quantity)
    {
        if (_snapshot?.Prices.GetValueOrDefault(securityId) is not { } price)
        {
            _missingPrices.Add(securityId);
            return null;
        }

        if (price.At < _freshFrom)
        {
            _stalePrices.Add(securityId);
        }

        return RateOf(price.Currency) is { } rate && Product(quantity, price.Price) is { } value ? Product(value, rate) : null;
    }

    /// <returns>Null where the product is beyond what a decimal holds, which no true price or rate comes near.</returns>
    private static decimal? Product(decimal a, decimal b)
    {
        try
        {
            return a * b;
        }
        catch (OverflowException)
        {
            return null;
        }
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
