using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Figures;
using RiskMonitor.Risk.Limits;

namespace RiskMonitor.Alerting.Rules;

/// <summary>What the figures of a breach say, before anybody puts it into words.</summary>
/// <param name="Value">The metric as of the report: of a cured breach the figure that ended it, otherwise that of the last revision or later.</param>
/// <param name="BreachAmount">|value| − threshold; not above 0 once the figure is back.</param>
/// <param name="Overshoot">Breach amount as a share of the threshold; null at a threshold of 0, and where it is too large to be shown.</param>
/// <param name="Direction">long, short or flat: the sign of the net delta.</param>
/// <param name="NetToGross">|net| / gross: 1 is one-directional, 0 is fully offset within the desk; null without any delta, and over several currencies.</param>
/// <param name="LargestCurrency">The one currency of the desk; null without any delta, and where several cannot be compared without conversion.</param>
/// <param name="LargestCurrencyShare">Its share of the desk's gross.</param>
/// <param name="Reduction">By how much the size of the metric must fall to be back at the threshold; 0 when it is; null over several currencies, in which that is no amount.</param>
internal sealed record Assessment(
    decimal Value,
    decimal BreachAmount,
    decimal? Overshoot,
    string Direction,
    decimal? NetToGross,
    string? LargestCurrency,
    decimal? LargestCurrencyShare,
    decimal? Reduction,
    bool IsIncomplete,
    bool IsMixed,
    IReadOnlyList<string> Caveats)
{
    public static Assessment Of(EpisodeReport report)
    {
        var (episode, totals) = (report.Episode, report.Context.Totals);
        var value = episode.Key.Metric.Of(totals);
        var over = Math.Abs(value) - episode.Threshold;
        var gross = totals.Gross;
        var isMixed = report.Unit == Units.Mixed;
        var largest = gross == 0 || isMixed ? null : report.Context.Currencies.MaxBy(group => group.Totals.Gross);
        return new Assessment(
            value,
            over,
            Amounts.Ratio(over, episode.Threshold),
            totals.Net > 0 ? "long" : totals.Net < 0 ? "short" : "flat",
            gross == 0 || isMixed ? null : Math.Abs(totals.Net) / gross,
            largest?.Key,
            largest is null ? null : largest.Totals.Gross / gross,
            isMixed && over > 0 ? null : Math.Max(over, 0),
            totals.Missing > 0,
            isMixed,
            [.. CaveatsOf(report, isMixed)]);
    }

    private static IEnumerable<string> CaveatsOf(EpisodeReport report, bool isMixed)
    {
        if (report.Context.Totals.Missing > 0)
        {
            yield return "incomplete";
        }

        if (isMixed)
        {
            yield return "mixed_units";
        }

        if (report.Feed != FeedState.Live)
        {
            yield return $"feed_{report.Feed.Name()}";
        }

        if (report.Episode.CureReason == CureReason.Incomplete)
        {
            yield return "cure_unproven";
        }

        if (report.Episode.Transient)
        {
            yield return "transient";
        }
    }
}
