using System.Text.Json;
using System.Text.Json.Nodes;
using RiskMonitor.Alerting.Rules;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Markets;

namespace RiskMonitor.Alerting.Llm;

/// <summary>
/// What is known around a breach, as a model gets it. Figures of limits, changes and the market may be quoted: they are among the facts that the text is checked
/// against. What was then may not: an old figure must not be passed off as today's.
/// </summary>
internal static class BreachSurroundings
{
    /// <summary>Adds what may be quoted.</summary>
    public static void AddTo(JsonObject facts, EpisodeReport report, Surroundings around)
    {
        facts["oldest_delta_at"] = report.Context.OldestDeltaAt is { } oldest ? AlertDocument.Time(oldest) : null;
        facts["limits"] = new JsonArray([.. RiskMetrics.All.Select(metric => Limit(metric, report, around.Limits)).OfType<JsonNode>()]);
        if (around.Changes is { } changes)
        {
            facts["recent_changes"] = new JsonArray([.. changes.Select(change => (JsonNode)Change(change, report))]);
        }

        facts["market"] = Market(report, around.Market);
    }

    /// <summary>The facts with what helps to judge, and may not be quoted, beside them.</summary>
    public static JsonElement ForModel(JsonElement facts, Surroundings around, DateTimeOffset now)
    {
        var all = JsonObject.Create(facts)!;
        if (around.Market?.Snapshot is { } snapshot)
        {
            // The model gets the age and may not quote it, because it is another one when the text is read.
            all["market"]!["age_seconds"] = Math.Max(0, (long)(now - snapshot.AsOf).TotalSeconds);
        }

        if (around.Past is { } past)
        {
            all["past_alerts"] = new JsonArray([.. past.Select(alert => (JsonNode)Past(alert))]);
        }

        all["left_out"] = new JsonArray([.. around.LeftOut().Select(part => (JsonNode)part)]);
        return JsonSerializer.SerializeToElement(all, BreachFacts.Json);
    }

    /// <summary>A metric's limit of the breach's profile and horizon. That of the breach itself is what its report says, whatever the table says by now.</summary>
    /// <returns>Null where it is not known.</returns>
    private static JsonObject? Limit(RiskMetric metric, EpisodeReport report, LimitSet? limits)
    {
        var (episode, totals) = (report.Episode, report.Context.Totals);
        if (metric == episode.Key.Metric)
        {
            return Row(episode.Threshold, BreachJson.Rounded(Risk.Figures.Amounts.Ratio(Math.Abs(metric.Of(totals)), episode.Threshold)), episode.IsOpen ? UtilisationState.Breach : null);
        }

        if (limits is null)
        {
            return null;
        }

        var limit = limits.Effective(report.Desk, metric, episode.Key.Profile, episode.Key.Horizon, report.DetectedAt);
        var use = Utilisation.Of(metric.Of(totals), limit);
        return Row(limit?.Threshold, BreachJson.Rounded(use.Ratio), use.State);

        JsonObject Row(decimal? threshold, decimal? ratio, UtilisationState? state) => new()
        {
            ["metric"] = metric.Name(),
            ["limit_profile"] = episode.Key.Profile,
            ["horizon"] = episode.Key.Horizon,
            ["threshold_value"] = threshold is { } amount ? AlertDocument.Money(amount) : null,
            ["unit"] = report.Unit,
            ["utilisation"] = ratio,
            ["utilisation_state"] = state?.Name(),
        };
    }

    /// <summary>Without positions: who may read the text need not be allowed to see them.</summary>
    private static JsonObject Change(DeskChange change, EpisodeReport report) => new()
    {
        ["at"] = AlertDocument.Time(change.At),
        ["what"] = change.Kind.Name(),
        ["change_count"] = change.Positions,
        ["net_change"] = AlertDocument.Money(change.Net),
        ["gross_change"] = AlertDocument.Money(change.Gross),
        ["unit"] = change.Currencies.Any(currency => currency != report.Unit) ? Units.Mixed : report.Unit,
    };

    private static JsonObject Market(EpisodeReport report, MarketView? view)
    {
        if (view is null)
        {
            return new JsonObject { ["state"] = "not_known" };
        }

        // The report has the largest currencies only: where there are more, their sum is another figure.
        var currencies = report.Context.Currencies;
        var isWhole = currencies.Sum(group => group.Totals.Count) == report.Context.Totals.Count && report.Unit != view.Reporting;
        var converted = isWhole ? view.Convert(currencies.Select(group => (group.Key, group.Totals))) : null;
        return new JsonObject
        {
            ["state"] = view.Snapshot is null ? "unavailable" : view.StaleRates.Count > 0 ? "stale" : "live",
            ["snapshot_as_of"] = view.Snapshot is { } snapshot ? AlertDocument.Time(snapshot.AsOf) : null,
            ["currency"] = view.Reporting,
            ["delta"] = converted is { } net ? AlertDocument.Money(net.Net) : null,
            ["gross_delta"] = converted is { } gross ? AlertDocument.Money(gross.Gross) : null,
        };
    }

    private static JsonObject Past(Alert alert) => new()
    {
        ["opened_at"] = AlertDocument.Time(alert.Episode.OpenedAt),
        ["metric_name"] = alert.Episode.Key.Metric.Name(),
        ["severity"] = alert.Episode.Severity.Name(),
        ["direction"] = alert.Episode.PeakValue < 0 ? "short" : "long",
        ["ended"] = alert.Episode.CureReason?.ToString().ToLowerInvariant(),
        ["open_minutes"] = alert.Episode.CuredAt is { } cured ? Math.Round((cured - alert.Episode.OpenedAt).TotalMinutes) : null,
        ["disposition"] = alert.Acknowledgement?.Disposition?.Name(),
    };
}
