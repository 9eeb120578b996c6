using System.Globalization;

namespace RiskMonitor.Demo;

/// <summary>A share, an index or a currency pair with made-up but plausible market data, and the instruments on it.</summary>
/// <param name="Spot">In <paramref name="Currency"/>.</param>
/// <param name="Volatility">Implied, per year.</param>
/// <param name="Multiplier">Units of the underlying in one contract.</param>
/// <param name="StrikeStep">Distance of listed strikes.</param>
/// <param name="Lot">Least quantity traded.</param>
public sealed record Underlying(string Symbol, string Currency, decimal Spot, double Volatility, int Multiplier, decimal StrikeStep, int Lot = 1)
{
    /// <summary>Calls and puts around the money. Cash delta of a contract = unit delta × multiplier × spot.</summary>
    public IEnumerable<Instrument> Options(DateOnly today, IEnumerable<DateOnly> expiries) =>
        from expiry in expiries
        from moneyness in new[] { 0.94m, 0.98m, 1.02m, 1.06m }
        let strike = Math.Round(Spot * moneyness / StrikeStep) * StrikeStep
        from isCall in new[] { true, false }
        // Listed options have deltas; those of the wings would need absurd quantities.
        let delta = UnitDelta(isCall, strike, YearsTo(expiry, today))
        where Math.Abs(delta) > 0.1m
        select new Instrument(
            string.Create(CultureInfo.InvariantCulture, $"{Symbol}-{(isCall ? "CALL" : "PUT")}-{strike:0.####}-{expiry:yyyyMMdd}"),
            Currency,
            delta * Multiplier * Spot,
            Lot);

    /// <summary>Futures, forwards and total return swaps move one to one with the underlying.</summary>
    public IEnumerable<Instrument> DeltaOne(string kind, IEnumerable<DateOnly> expiries) =>
        from expiry in expiries
        select new Instrument(string.Create(CultureInfo.InvariantCulture, $"{Symbol}-{kind}-{expiry:yyyyMMdd}"), Currency, Multiplier * Spot, Lot);

    /// <summary>Black and Scholes (1973) at a rate of zero: N(d1) for a call, N(d1) − 1 for a put; a ratio, cut to four decimals.</summary>
    private decimal UnitDelta(bool isCall, decimal strike, double years)
    {
        var deviation = Volatility * Math.Sqrt(years);
        var d1 = (Math.Log((double)(Spot / strike)) / deviation) + (deviation / 2);
        var call = Math.Round((decimal)NormalDistribution(d1), 4);
        return isCall ? call : call - 1;
    }

    /// <summary>N(x) by Abramowitz and Stegun, formula 26.2.17; good to seven digits.</summary>
    private static double NormalDistribution(double x)
    {
        var t = 1 / (1 + (0.2316419 * Math.Abs(x)));
        var tail = Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI)
            * t * (0.319381530 + (t * (-0.356563782 + (t * (1.781477937 + (t * (-1.821255978 + (t * 1.330274429))))))));
        return x >= 0 ? 1 - tail : tail;
    }

    private static double YearsTo(DateOnly expiry, DateOnly today) => Math.Max(expiry.DayNumber - today.DayNumber, 1) / 365.0;
}
