using RiskMonitor.Risk.Figures;

namespace RiskMonitor.Risk.Markets;

/// <summary>What a unit of each currency is worth in one reporting currency, by a market snapshot.</summary>
public sealed class CurrencyTable
{
    private readonly Dictionary<string, CurrencyValue> _values;

    /// <summary>Takes a rate as it is quoted, else the inverse one, else two of them over one currency in between (the freshest such pair).</summary>
    public CurrencyTable(string reporting, IReadOnlyList<FxRate> rates)
    {
        Reporting = reporting;
        // From the reporting currency one step, then a second: more steps would pile up spreads.
        var near = Reach(reporting, new CurrencyValue(1, DateTimeOffset.MaxValue), rates);
        _values = near.ToDictionary(reached => reached.Key, reached => reached.Value, StringComparer.Ordinal);
        foreach (var (between, value) in near.OrderBy(reached => reached.Key, StringComparer.Ordinal))
        {
            foreach (var (currency, further) in Reach(between, value, rates))
            {
                if (currency != reporting && !near.ContainsKey(currency) && (!_values.TryGetValue(currency, out var known) || further.At > known.At))
                {
                    _values[currency] = further;
                }
            }
        }

        _values[reporting] = new CurrencyValue(1, DateTimeOffset.MaxValue);
    }

    public string Reporting { get; }

    /// <returns>Null where no rate leads to the reporting currency.</returns>
    public CurrencyValue? ValueOf(string currency) => _values.TryGetValue(currency, out var value) ? value : null;

    /// <summary>The currencies that stand in a rate with one whose value is known.</summary>
    private static Dictionary<string, CurrencyValue> Reach(string from, CurrencyValue value, IReadOnlyList<FxRate> rates)
    {
        var reached = new Dictionary<string, CurrencyValue>(StringComparer.Ordinal);
        foreach (var rate in rates.Where(rate => rate.Base == from && rate.Base != rate.Quote))
        {
            Reached(rate.Quote, Amounts.Ratio(value.Rate, rate.Rate), rate.At);
        }

        // Quoted as it is needed, it is not divided by: it goes before an inverse.
        foreach (var rate in rates.Where(rate => rate.Quote == from && rate.Base != rate.Quote))
        {
            Reached(rate.Base, Amounts.Product(value.Rate, rate.Rate), rate.At);
        }

        return reached;

        void Reached(string currency, decimal? worth, DateTimeOffset at)
        {
            // A rate that makes nothing, or no figure, of an amount leads nowhere.
            if (worth is > 0)
            {
                reached[currency] = new CurrencyValue(worth.Value, Older(value.At, at));
            }
        }
    }

    private static DateTimeOffset Older(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}

/// <summary>What one unit of a currency is worth.</summary>
/// <param name="Rate">In the reporting currency; above 0.</param>
/// <param name="At">Of the oldest rate used; the end of time for the reporting currency itself, which never grows old.</param>
public readonly record struct CurrencyValue(decimal Rate, DateTimeOffset At);
