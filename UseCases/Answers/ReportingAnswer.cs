using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Figures;
using RiskMonitor.Risk.Markets;

namespace RiskMonitor.UseCases.Answers;

/// <summary>Figures in the reporting currency, beside the raw ones.</summary>
/// <param name="State">live, stale, or unavailable while there is no market snapshot.</param>
/// <param name="Delta">Null when a currency among the positions has no rate: a sum without it would be another figure.</param>
/// <param name="PresentValue">Σ quantity × price of the positions that have a price; null when none has.</param>
/// <param name="PresentValueComplete">Every position has one.</param>
/// <param name="MissingPrices">Null where the caller sees no securities; <paramref name="MissingPriceCount"/> counts them.</param>
public sealed record ReportingAnswer(
    string Currency,
    string State,
    string? SnapshotId,
    DateTimeOffset? SnapshotAsOf,
    string? Source,
    long? AgeSeconds,
    Money? Delta,
    Money? GrossDelta,
    Money? LongDelta,
    Money? ShortDelta,
    Money? PresentValue,
    bool PresentValueComplete,
    IReadOnlyList<string> MissingRates,
    IReadOnlyList<string> StaleRates,
    int MissingPriceCount,
    IReadOnlyList<string>? MissingPrices,
    int StalePriceCount,
    IReadOnlyList<string>? StalePrices)
{
    /// <summary>Names are listed up to here; the count says how many there are.</summary>
    private const int MostNames = 20;

    /// <summary>The reporting figures of a whole desk.</summary>
    public static ReportingAnswer Of(MarketView view, DeskView deskView, bool seesSecurities, DateTimeOffset now)
    {
        var totals = view.Convert(deskView.Breakdown.Currencies.Select(leaf => (leaf.Currency, leaf.Totals)));
        var values = deskView.Breakdown.Securities.Select(leaf => view.PresentValue(leaf.Key, leaf.Quantity)).OfType<decimal>().ToList();
        var presentValue = values.Count == 0 ? null : values.Aggregate((decimal?)0, (sum, value) => Amounts.Sum(sum, value));
        return Of(view, totals, presentValue, seesSecurities, now);
    }

    /// <param name="view">The view that converted the figures; it has recorded the prices and rates that are missing.</param>
    /// <param name="totals">Null when not all of it could be converted.</param>
    public static ReportingAnswer Of(MarketView view, Totals? totals, decimal? presentValue, bool seesSecurities, DateTimeOffset now)
    {
        var snapshot = view.Snapshot;
        return new ReportingAnswer(
            view.Reporting,
            snapshot is null ? "unavailable" : view.StaleRates.Count + view.StalePrices.Count > 0 ? "stale" : "live",
            snapshot?.SnapshotId,
            snapshot?.AsOf,
            snapshot?.Source,
            snapshot is null ? null : (long)(now - snapshot.AsOf).TotalSeconds,
            totals?.Net,
            totals?.Gross,
            totals?.Long,
            totals?.Short,
            presentValue,
            view.MissingPrices.Count == 0 && view.MissingRates.Count == 0 && presentValue is not null,
            [.. view.MissingRates],
            [.. view.StaleRates],
            view.MissingPrices.Count,
            seesSecurities ? [.. view.MissingPrices.Take(MostNames)] : null,
            view.StalePrices.Count,
            seesSecurities ? [.. view.StalePrices.Take(MostNames)] : null);
    }
}
