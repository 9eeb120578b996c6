using System.Text.Json.Nodes;
using RiskMonitor.Alerting.Messages;

namespace RiskMonitor.Alerting.Channels;

/// <summary>
/// An alert as an event of PagerDuty's Events API v2. The alert's id is the <c>dedup_key</c>, so that all messages of an alert are one incident, which the
/// cure resolves.
/// </summary>
internal static class PagerDutyEvent
{
    public const string DefaultUrl = "https://events.pagerduty.com/v2/enqueue";

    private const int MostSummaryChars = 1_024;
    private const int MostConclusionChars = 8_000;

    public static JsonObject Of(AlertCard card, string routingKey)
    {
        var details = new JsonObject();
        foreach (var (name, value) in card.Facts)
        {
            details[name] = value;
        }

        if (card.Conclusion is { } conclusion)
        {
            details["Conclusion"] = AlertCard.Cut(conclusion, MostConclusionChars);
        }

        var links = new JsonArray();
        if (card.Acknowledge is { } acknowledge)
        {
            links.Add(new JsonObject { ["href"] = acknowledge.AbsoluteUri, ["text"] = "Acknowledge in RiskMonitor" });
        }

        if (card.Page is { } page)
        {
            links.Add(new JsonObject { ["href"] = page.AbsoluteUri, ["text"] = "Open report" });
        }

        var sent = new JsonObject
        {
            ["routing_key"] = routingKey,
            ["event_action"] = card.IsCured ? "resolve" : "trigger",
            ["dedup_key"] = card.Source.AlertId.ToString("D"),
            ["client"] = "RiskMonitor",
            ["payload"] = new JsonObject
            {
                ["summary"] = AlertCard.Cut($"{card.Title}. {card.Message}", MostSummaryChars),
                ["source"] = AlertCard.Cut(Risk.Texts.VisibleText.Escaped(card.Desk), MostSummaryChars),
                ["severity"] = card.Severity switch { "CRITICAL" => "critical", "WARNING" => "warning", _ => "info" },
                ["timestamp"] = card.OpenedAt,
                ["component"] = card.Metric,
                ["group"] = "risk",
                ["class"] = "limit breach",
                ["custom_details"] = details,
            },
            ["links"] = links,
        };
        if (card.Page is { } report)
        {
            sent["client_url"] = report.AbsoluteUri;
        }

        return sent;
    }
}
