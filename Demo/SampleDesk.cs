using System.Globalization;

namespace RiskMonitor.Demo;

/// <summary>A desk of the demo book.</summary>
/// <param name="NetDelta">About what its positions add up to, signed.</param>
/// <param name="Utilisation">How much of its limit that is.</param>
/// <param name="Instruments">What it trades, on a given day.</param>
public sealed record SampleDesk(
    string Name,
    int Positions,
    decimal NetDelta,
    decimal Utilisation,
    IReadOnlyList<string> Traders,
    Func<DateOnly, IEnumerable<Instrument>> Instruments)
{
    private static readonly Underlying[] s_usIndices =
    [
        new("SPX", "USD", 6210m, 0.16, 100, 50m), new("NDX", "USD", 22650m, 0.21, 100, 100m), new("RUT", "USD", 2240m, 0.23, 100, 10m),
    ];

    private static readonly Underlying[] s_usShares =
    [
        new("AAPL", "USD", 178.40m, 0.27, 100, 5m), new("MSFT", "USD", 472.10m, 0.25, 100, 10m), new("NVDA", "USD", 184.60m, 0.46, 100, 5m),
        new("AMZN", "USD", 226.30m, 0.32, 100, 5m), new("TSLA", "USD", 331.80m, 0.58, 100, 10m), new("JPM", "USD", 288.50m, 0.22, 100, 5m),
        new("XOM", "USD", 112.70m, 0.24, 100, 5m),
    ];

    private static readonly Underlying[] s_euroIndices =
    [
        new("SX5E", "EUR", 5480m, 0.17, 10, 50m), new("DAX", "EUR", 23900m, 0.18, 5, 100m), new("CAC", "EUR", 7860m, 0.17, 10, 50m),
    ];

    private static readonly Underlying[] s_currencyOptions =
    [
        new("EURUSD", "USD", 1.1240m, 0.075, 1, 0.01m, 10_000), new("GBPUSD", "USD", 1.3180m, 0.08, 1, 0.01m, 10_000),
        new("EURGBP", "GBP", 0.8530m, 0.06, 1, 0.01m, 10_000), new("EURCHF", "CHF", 0.9380m, 0.055, 1, 0.01m, 10_000),
    ];

    private static readonly Underlying[] s_currencyForwards =
    [
        new("EURUSD", "USD", 1.1240m, 0, 1, 0, 10_000), new("GBPUSD", "USD", 1.3180m, 0, 1, 0, 10_000),
        new("AUDUSD", "USD", 0.6620m, 0, 1, 0, 10_000), new("NZDUSD", "USD", 0.5990m, 0, 1, 0, 10_000),
    ];

    private static readonly Underlying[] s_indexFutures =
    [
        new("ES", "USD", 6230m, 0, 50, 0), new("NQ", "USD", 22740m, 0, 20, 0), new("RTY", "USD", 2251m, 0, 50, 0), new("MES", "USD", 6230m, 0, 5, 0),
    ];

    private static readonly Underlying[] s_swappedShares =
    [
        new("SAP", "EUR", 251.20m, 0, 1, 0, 100), new("ASML", "EUR", 688.40m, 0, 1, 0, 100), new("SIE", "EUR", 213.70m, 0, 1, 0, 100),
        new("MC", "EUR", 562.30m, 0, 1, 0, 100), new("SX5E", "EUR", 5480m, 0, 1, 0, 10),
    ];

    public static IReadOnlyList<SampleDesk> All { get; } =
    [
        new("US Index Options", 44, 14_800_000m, 0.72m, ["akim", "rpatel", "dnovak"], today => OptionsOn(s_usIndices, today)),
        new("US Single Stock Options", 58, 9_400_000m, 0.66m, ["lchen", "mbrandt", "sokafor", "jreyes"], today => OptionsOn(s_usShares, today)),
        new("Euro Index Options", 42, -8_600_000m, 0.69m, ["fmoreau", "hkeller", "egallo"], today => OptionsOn(s_euroIndices, today)),
        new("FX Options (mixed)", 40, 7_200_000m, 0.64m, ["ywatanabe", "cdubois", "tlarsen"], today => OptionsOn(s_currencyOptions, today)),
        new("FX Forwards", 46, -11_300_000m, 0.75m, ["nsingh", "kolsen", "bwright"], today => DeltaOneOn(s_currencyForwards, "FWD", Expiries.Forward(today, 2, 3, 6, 12))),
        new("Delta One/Futures", 36, 12_100_000m, 0.67m, ["omartin", "vpopa"], today => DeltaOneOn(s_indexFutures, "FUT", Expiries.Listed(today, 3))),
        new("Equity Swaps", 40, 6_900_000m, 0.71m, ["gweber", "ilopez", "pbaker"], today => DeltaOneOn(s_swappedShares, "TRS", Expiries.Forward(today, 7, 13, 19, 25))),
        new("Credit Default Swaps", 34, -5_700_000m, 0.63m, ["zhassan", "mvogel"], CreditDefaultSwaps),
    ];

    private static IEnumerable<Instrument> OptionsOn(Underlying[] underlyings, DateOnly today) =>
        underlyings.SelectMany(underlying => underlying.Options(today, Expiries.Listed(today, 3)));

    private static IEnumerable<Instrument> DeltaOneOn(Underlying[] underlyings, string kind, IReadOnlyList<DateOnly> expiries) =>
        underlyings.SelectMany(underlying => underlying.DeltaOne(kind, expiries));

    /// <summary>
    /// Bought protection, in units of 1,000 EUR notional. A credit default swap has no share price to move with: its delta here is the market
    /// value at risk, (spread − 1 % coupon) × risky annuity × notional, negative for the buyer; never CS01.
    /// </summary>
    private static IEnumerable<Instrument> CreditDefaultSwaps(DateOnly today) =>
        from name in new[] { (Id: "ITRX-XOVER", Spread: 0.0312m), (Id: "THYSSEN", Spread: 0.0245m), (Id: "LUFTHANSA", Spread: 0.0188m), (Id: "VALEO", Spread: 0.0267m) }
        from tenor in new[] { (Years: 3, Annuity: 2.78m), (Years: 5, Annuity: 4.41m) }
        select new Instrument(
            string.Create(CultureInfo.InvariantCulture, $"{name.Id}-CDS-{tenor.Years}Y-{Expiries.CreditRoll(today, tenor.Years):yyyyMMdd}"),
            "EUR",
            -1000m * (name.Spread - 0.01m) * tenor.Annuity,
            1000);
}
