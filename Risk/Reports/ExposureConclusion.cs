using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Texts;

namespace RiskMonitor.Risk.Reports;

/// <summary>
/// A desk's exposure in a few sentences: what it carries, where that stands against its limits, and why the figures may be wrong.
/// A desk with missing deltas or a broken feed is never called within its limits without saying so in the same sentence.
/// </summary>
public static class ExposureConclusion
{
    /// <param name="feed">Of this desk.</param>
    /// <param name="uses">For the profile and horizon asked for.</param>
    public static string Write(DeskView view, FeedStatus feed, IReadOnlyList<LimitUse> uses, string profile, string horizon)
    {
        var doubts = Doubts(view, feed);
        var sentences = new List<string> { Exposure(view) };
        sentences.AddRange(Standing(view.Unit, uses, profile, horizon, isDoubtful: doubts.Count > 0));
        if (view.OpenEpisodes.Count > 0)
        {
            sentences.Add($"{FigureText.Count(view.OpenEpisodes.Count, "breach episode")} open, the worst {view.OpenEpisodes.Max(episode => episode.Severity).Name()}.");
        }

        if (doubts.Count > 0)
        {
            sentences.Add($"Read the figures with care: {string.Join("; ", doubts)}.");
        }

        return string.Join(' ', sentences);
    }

    private static string Exposure(DeskView view)
    {
        var (totals, unit) = (view.Totals, view.Unit);
        if (totals.Count == 0)
        {
            return $"{VisibleText.Quoted(view.Desk)} holds no positions.";
        }

        if (unit == Units.Mixed)
        {
            return $"{view.Desk} holds {FigureText.Count(totals.Count, "position")} in several currencies, which are not converted: {CurrencyText.Breakdown(view.Breakdown.ByCurrency())}.";
        }

        var net = totals.Net == 0 ? "flat" : $"net {(totals.Net > 0 ? "long" : "short")} {FigureText.Amount(Math.Abs(totals.Net), unit)}";
        return $"{VisibleText.Quoted(view.Desk)} is {net} ({FigureText.Amount(totals.Long, unit)} long, {FigureText.Amount(-totals.Short, unit)} short, "
            + $"gross {FigureText.Amount(totals.Gross, unit)}) over {FigureText.Count(totals.Count, "position")}.";
    }

    private static IEnumerable<string> Standing(string unit, IReadOnlyList<LimitUse> uses, string profile, string horizon, bool isDoubtful)
    {
        var limited = uses.Where(use => use.Limit is not null).ToList();
        if (limited.Count == 0)
        {
            yield return $"No {profile} {horizon} limit is set for it, so nothing says how much is too much.";
            yield break;
        }

        foreach (var use in limited.Where(use => use.Utilisation.State == UtilisationState.Breach))
        {
            var threshold = use.Limit!.Threshold;
            var over = Math.Abs(use.Figure) - threshold;
            var severity = Severities.Of(use.Figure, use.Limit).Name();
            yield return unit == Units.Mixed
                ? $"It breaches its {horizon} {Name(use.Metric)} limit of {FigureText.Amount(threshold, "")}, which bounds the raw sum over currencies: that sum is "
                    + $"{FigureText.Amount(use.Figure, "")} and over by {FigureText.Amount(over, "")} ({severity})."
                : $"It breaches its {horizon} {Name(use.Metric)} limit of {FigureText.Amount(threshold, unit)} by {FigureText.Amount(over, unit)} ({severity}).";
        }

        foreach (var use in limited.Where(use => use.Utilisation.State == UtilisationState.Warning))
        {
            yield return $"It is close to its {horizon} {Name(use.Metric)} limit: {Used(use, unit)}.";
        }

        var within = limited.Where(use => use.Utilisation.State == UtilisationState.Ok).ToList();
        if (within.Count > 0)
        {
            var list = string.Join(" and ", within.Select(use => $"{Name(use.Metric)} ({Used(use, unit)})"));
            yield return isDoubtful
                ? $"On the figures at hand, which are not certain, it would be within its {horizon} limit of {list}."
                : $"It is within its {horizon} limit of {list}.";
        }
    }

    private static List<string> Doubts(DeskView view, FeedStatus feed)
    {
        var doubts = new List<string>();
        if (view.Totals.Missing > 0)
        {
            doubts.Add($"{FigureText.Count(view.Totals.Missing, "position")} of {view.Totals.Count} without a delta, counted as zero, so the true exposure may be larger or smaller");
        }

        if (view.Unit == Units.Mixed)
        {
            doubts.Add("several currencies are added up without conversion, so the sums are numbers and not an amount of money");
        }

        var isBuilding = view.IsBuilding || feed.State == FeedState.Building;
        if (isBuilding)
        {
            doubts.Add("the book is being read anew (building), positions may be missing and nothing is judged meanwhile");
        }

        if (feed.State == FeedState.Stale)
        {
            doubts.Add("the position feed is silent (stale), later trades may be missing");
        }
        else if (feed.State == FeedState.Unproven)
        {
            doubts.Add($"the position feed is unproven, the figures may be wrong: {string.Join(", ", feed.Reasons)}");
        }

        return doubts;
    }

    private static string Used(LimitUse use, string unit) => use.Utilisation.Ratio is { } ratio
        ? $"{FigureText.Percent(ratio)} of {FigureText.Amount(use.Limit!.Threshold, unit)} used"
        : "no exposure allowed, none carried";

    private static string Name(RiskMetric metric) => metric == RiskMetric.NetDelta ? "net delta" : "gross delta";
}
