using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using RiskMonitor.Alerting.Rules;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Limits;

namespace RiskMonitor.Alerting.Llm;

/// <summary>The facts of a breach that a model gets: aggregates of the desk, with the field names that answers have. No trader, security or position.</summary>
internal static class BreachFacts
{
    internal static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="around">What is known beside the report; null: nothing.</param>
    public static JsonElement Of(EpisodeReport report, Assessment assessment, Surroundings? around = null)
    {
        var (episode, totals) = (report.Episode, report.Context.Totals);
        var facts = new JsonObject
        {
            ["desk"] = report.Desk,
            ["detected_at"] = AlertDocument.Time(report.DetectedAt),
            ["metric_name"] = episode.Key.Metric.Name(),
            ["horizon"] = episode.Key.Horizon,
            ["severity"] = episode.Severity.Name(),
            ["breach_state"] = episode.IsOpen ? "open" : "cured",
            ["utilisation_state"] = episode.IsOpen ? "breach" : null,
            ["cure_reason"] = episode.CureReason?.ToString(),
            ["revision"] = episode.Revision,
            ["opened_at"] = AlertDocument.Time(episode.OpenedAt),
            ["cured_at"] = episode.CuredAt is { } cured ? AlertDocument.Time(cured) : null,
            ["breach"] = new JsonObject
            {
                ["unit"] = episode.Unit,
                ["metric_value"] = AlertDocument.Money(assessment.Value),
                ["threshold_value"] = AlertDocument.Money(episode.Threshold),
                ["breach_amount"] = AlertDocument.Money(assessment.BreachAmount),
                ["overshoot"] = BreachJson.Rounded(assessment.Overshoot),
                ["opened_value"] = AlertDocument.Money(episode.OpenedValue),
                ["peak_value"] = AlertDocument.Money(episode.PeakValue),
                ["peak_at"] = AlertDocument.Time(episode.PeakAt),
                ["reduction_needed"] = assessment.Reduction is { } reduction ? AlertDocument.Money(reduction) : null,
            },
            ["exposure"] = Sums(totals, report.Unit),
            ["direction"] = assessment.Direction,
            ["net_to_gross"] = BreachJson.Rounded(assessment.NetToGross),
            ["by_currency"] = new JsonArray([.. report.Context.Currencies.Select(group =>
            {
                var sums = Sums(group.Totals, group.Unit);
                sums["currency"] = group.Key;
                sums["share_of_gross"] = BreachJson.Rounded(totals.Gross == 0 || assessment.IsMixed ? null : group.Totals.Gross / totals.Gross);
                return (JsonNode)sums;
            })]),
            ["feed_state"] = report.Feed.Name(),
            ["caveats"] = new JsonArray([.. assessment.Caveats.Select(caveat => (JsonNode)caveat)]),
        };
        BreachSurroundings.AddTo(facts, report, around ?? Surroundings.None);
        return JsonSerializer.SerializeToElement(facts, Json);
    }

    private static JsonObject Sums(Totals totals, string unit) => new()
    {
        ["delta"] = AlertDocument.Money(totals.Net),
        ["gross_delta"] = AlertDocument.Money(totals.Gross),
        ["long_delta"] = AlertDocument.Money(totals.Long),
        ["short_delta"] = AlertDocument.Money(totals.Short),
        ["unit"] = unit,
        ["position_count"] = totals.Count,
        ["missing_delta_count"] = totals.Missing,
    };
}
