using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Limits;

namespace RiskMonitor.Risk.Topics;

/// <summary>A change of utilisation as JSON.</summary>
internal static class UtilisationDocument
{
    public const string Type = "risk.utilisation";

    public static string Body(string desk, UtilisationChange change, TopicPlace place, DateTimeOffset at, Clearance clearance) =>
        TopicEnvelope.Around(Type, at, place, clearance, withheld: [], json =>
        {
            json.WriteString("desk", desk);
            json.WriteString("metric_name", change.Key.Metric.Name());
            json.WriteString("horizon", change.Key.Horizon);
            json.WriteString("limit_profile", change.Key.Profile);
            json.WriteString("previous_state", change.Before?.Name());
            json.WriteString("utilisation_state", change.After.State.Name());
            AlertDocument.WriteNumber(json, "utilisation", Ratio(change.After.Ratio));
            json.WriteString("unit", change.Unit);
            json.WriteString("metric_value", AlertDocument.Money(change.Figure));
            json.WriteString("threshold_value", change.Limit is { } limit ? AlertDocument.Money(limit.Threshold) : null);
            AlertDocument.WriteNumber(json, "warning_ratio", Ratio(change.Limit?.WarningRatio));
            if (change.Limit is { } binding)
            {
                json.WriteStartObject("limit");
                json.WriteString("id", binding.LimitId);
                json.WriteNumber("version", binding.Version);
                json.WriteEndObject();
            }
            else
            {
                json.WriteNull("limit");
            }

            json.WriteString("feed_state", change.Feed.Name());
            json.WriteNumber("missing_delta_count", change.Missing);
        });

    /// <summary>Six decimals, without zeros at the end.</summary>
    private static decimal? Ratio(decimal? ratio) => ratio is { } value ? Math.Round(value, 6, MidpointRounding.AwayFromZero) / 1.0000000000000000000000000000m : null;
}
