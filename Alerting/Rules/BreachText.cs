using System.Globalization;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Reports;
using RiskMonitor.Risk.Texts;

namespace RiskMonitor.Alerting.Rules;

/// <summary>
/// A breach in three to five sentences: what happened, where the risk sits, how far the figures can be trusted, what would end it.
/// From desk-level aggregates only, so that every clearance may read it: no trader, no security, no position.
/// </summary>
internal static class BreachText
{
    public static string Write(EpisodeReport report, Assessment assessment) => string.Join(
        ' ',
        new[]
        {
            report.Episode.IsOpen ? Breach(report, assessment) : Cure(report, assessment),
            report.Episode is { IsOpen: true, Revision: > 1 } ? Escalation(report) : null,
            Concentration(report, assessment),
            Quality(report, assessment),
            report.Episode.IsOpen ? Remedy(report, assessment) : null,
        }.OfType<string>());

    private static string Breach(EpisodeReport report, Assessment assessment)
    {
        var episode = report.Episode;
        var standing = $"{VisibleText.Quoted(report.Desk)} {Carries(report, assessment)} against its {episode.Key.Horizon} limit of {FigureText.Amount(episode.Threshold, Unit(assessment, report))}";
        return assessment.BreachAmount <= 0
            ? $"{standing}: the figure is back at the limit, but the breach has not met its cure level yet ({episode.Severity.Name()})."
            : assessment.Overshoot is { } overshoot
                ? $"{standing}: over by {FigureText.Amount(assessment.BreachAmount, Unit(assessment, report))}, {FigureText.Percent(overshoot)} above the limit ({episode.Severity.Name()})."
                : episode.Threshold == 0 ? $"{standing}: no exposure is allowed, so all of it is over ({episode.Severity.Name()})."
                : $"{standing}: over by {FigureText.Amount(assessment.BreachAmount, Unit(assessment, report))}, too many times the limit to be told as a share ({episode.Severity.Name()}).";
    }

    private static string Cure(EpisodeReport report, Assessment assessment)
    {
        var episode = report.Episode;
        var life = episode.Transient
            ? "opened and ended within one database transaction"
            : $"opened at {AlertDocument.Time(episode.OpenedAt)} and ended at {AlertDocument.Time(episode.CuredAt ?? report.DetectedAt)}";
        var why = episode.CureReason switch
        {
            CureReason.LimitChanged => "the limit was changed or ceased to hold, the exposure did not come down because of it",
            CureReason.Incomplete => "the figure came back because a delta went missing, so nobody knows whether the risk did",
            _ => "the figure came back",
        };
        return $"{VisibleText.Quoted(report.Desk)} breached its {episode.Key.Horizon} {Metric(episode)} limit of {FigureText.Amount(episode.Threshold, report.Episode.Unit)}, peaking at "
            + $"{FigureText.Amount(episode.PeakValue, report.Episode.Unit)} ({episode.Severity.Name()}); the breach {life}: {why}. "
            + $"It now {Carries(report, assessment).TrimEnd(',')}.";
    }

    private static string Escalation(EpisodeReport report)
    {
        var episode = report.Episode;
        return $"The breach has grown worse since it opened at {AlertDocument.Time(episode.OpenedAt)} with {FigureText.Amount(episode.OpenedValue, report.Episode.Unit)}: "
            + $"this is revision {episode.Revision.ToString(CultureInfo.InvariantCulture)}, with a peak of {FigureText.Amount(episode.PeakValue, report.Episode.Unit)}.";
    }

    private static string Concentration(EpisodeReport report, Assessment assessment)
    {
        var totals = report.Context.Totals;
        if (assessment.IsMixed)
        {
            return $"Its {FigureText.Count(totals.Count, "position")} by currency, the leading ones: {CurrencyText.Breakdown(report.Context.Currencies)}.";
        }

        if (assessment.NetToGross is not { } ratio)
        {
            return $"None of its {FigureText.Count(totals.Count, "position")} carries a delta.";
        }

        var hedge = ratio >= 0.9m ? "almost nothing offsets it within the desk"
            : ratio >= 0.5m ? "little of it is offset within the desk"
            : ratio > 0 ? "most of it is offset within the desk"
            : "longs and shorts offset each other";
        var currency = assessment.LargestCurrencyShare is not { } share || assessment.LargestCurrency is not { } code ? ""
            : share == 1 ? $", all of it in {code}"
            : $"; {code} is the largest currency with {FigureText.Percent(share)} of the gross";
        return $"The net of {FigureText.Amount(totals.Net, report.Unit)} is {FigureText.Amount(totals.Long, report.Unit)} long and {FigureText.Amount(-totals.Short, report.Unit)} short over "
            + $"{FigureText.Count(totals.Count, "position")}, {FigureText.Percent(ratio)} of the gross of {FigureText.Amount(totals.Gross, report.Unit)}: {hedge}{currency}.";
    }

    private static string Quality(EpisodeReport report, Assessment assessment)
    {
        var totals = report.Context.Totals;
        var doubts = new List<string>();
        if (assessment.IsIncomplete)
        {
            doubts.Add($"the figures are incomplete: {totals.Missing.ToString(CultureInfo.InvariantCulture)} of {FigureText.Count(totals.Count, "position")} have no delta and count as zero, so the true exposure may be larger or smaller");
        }

        if (assessment.IsMixed)
        {
            doubts.Add("sums over several currencies without conversion are raw sums of numbers and not an amount of money, and so is the limit that they are held against");
        }

        if (report.Feed != FeedState.Live)
        {
            doubts.Add(report.Feed switch
            {
                FeedState.Stale => "the position feed was silent (stale), so later trades may be missing",
                FeedState.Building => "the position feed was being read anew (building), so positions may be missing",
                _ => "the position feed is unproven: something was lost or unreadable, so the figures may be wrong",
            });
        }

        return doubts.Count == 0
            ? "Every position has a delta and the feed was live when this was judged."
            : $"Read the figures with care: {string.Join("; ", doubts)}.";
    }

    private static string Remedy(EpisodeReport report, Assessment assessment)
    {
        var metric = report.Episode.Key.Metric;
        if (assessment.Reduction is not { } reduction)
        {
            return "What would end the breach is no amount in any one currency: closing or hedging positions brings the raw sum down by their number in their own currency. "
                + "Decide by the currencies above, each converted at a rate of your own.";
        }

        if (reduction == 0)
        {
            return $"A little less {Metric(report.Episode)} ends the breach.";
        }

        var fall = $"To be back at the limit {Metric(report.Episode)} must fall by {FigureText.Amount(reduction, report.Unit)} in size";
        return metric == RiskMetric.GrossDelta
            ? $"{fall}: closing positions does that, hedging with new ones does not."
            : $"{fall}: {(assessment.Direction == "long" ? "sell" : "buy")} that much delta or hedge it.";
    }

    /// <summary>Of the figure now and what it is compared with; a raw sum is called so once, where it is told.</summary>
    private static string Unit(Assessment assessment, EpisodeReport report) => assessment.IsMixed ? "" : report.Unit;

    private static string Carries(EpisodeReport report, Assessment assessment) => assessment.IsMixed
        ? $"has a {Metric(report.Episode)} of {FigureText.Amount(assessment.Value, "")} as the raw sum over several currencies, which is no amount of money,"
        : report.Episode.Key.Metric == RiskMetric.GrossDelta
        ? $"carries a gross delta of {FigureText.Amount(assessment.Value, report.Unit)}"
        : assessment.Direction == "flat" ? "is flat (net delta of 0)"
        : $"is net {assessment.Direction} {FigureText.Amount(Math.Abs(assessment.Value), report.Unit)} (net delta)";

    private static string Metric(Episode episode) => episode.Key.Metric == RiskMetric.GrossDelta ? "gross delta" : "net delta";
}
