using System.Text.Json.Nodes;
using RiskMonitor.Alerting.Messages;

namespace RiskMonitor.Alerting.Channels;

/// <summary>
/// An alert for a Teams workflow ("when a webhook request is received"), as an Adaptive Card. Texts are runs of a RichTextBlock, in which nothing is read
/// as Markdown.
/// </summary>
internal static class TeamsMessage
{
    /// <summary>A message may have 28 KB.</summary>
    private const int MostConclusionChars = 4_000;
    private const int MostTextChars = 1_000;

    /// <summary>Of a list; each line is a block of its own.</summary>
    private const int MostLines = 50;
    private const int MostListBytes = 12_000;

    public static JsonObject Of(AlertCard card)
    {
        var body = new JsonArray
        {
            Block(Run(card.Title, MostTextChars, bold: true, size: "large", color: card.IsCured ? "good" : card.Severity == "CRITICAL" ? "attention" : "warning")),
            Block(Run(card.Message, MostTextChars)),
        };
        foreach (var (name, value) in card.Facts)
        {
            body.Add(Block(Run($"{name}: ", MostTextChars, bold: true), Run(value, MostTextChars)));
        }

        if (card.Conclusion is { } conclusion)
        {
            body.Add(Block(Run(conclusion, MostConclusionChars)));
        }

        foreach (var line in card.Listed(MostLines, MostListBytes))
        {
            body.Add(Block(Run(line, MostTextChars)));
        }

        var actions = new JsonArray();
        if (card.Acknowledge is { } acknowledge)
        {
            actions.Add(Open("Acknowledge", acknowledge));
        }

        if (card.Page is { } page)
        {
            actions.Add(Open(card.PageTitle, page));
        }

        return new JsonObject
        {
            ["type"] = "message",
            ["attachments"] = new JsonArray
            {
                new JsonObject
                {
                    ["contentType"] = "application/vnd.microsoft.card.adaptive",
                    ["contentUrl"] = null,
                    ["content"] = new JsonObject
                    {
                        ["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json",
                        ["type"] = "AdaptiveCard",
                        ["version"] = "1.4",
                        ["fallbackText"] = AlertCard.Cut(card.Title, MostTextChars),
                        ["msteams"] = new JsonObject { ["width"] = "Full" },
                        ["body"] = body,
                        ["actions"] = actions,
                    },
                },
            },
        };
    }

    private static JsonObject Block(params JsonNode[] runs) => new() { ["type"] = "RichTextBlock", ["inlines"] = new JsonArray(runs) };

    private static JsonObject Run(string text, int most, bool bold = false, string? size = null, string? color = null)
    {
        var run = new JsonObject { ["type"] = "TextRun", ["text"] = AlertCard.Cut(text, most) };
        if (bold)
        {
            run["weight"] = "bolder";
        }

        if (size is not null)
        {
            run["size"] = size;
        }

        if (color is not null)
        {
            run["color"] = color;
        }

        return run;
    }

    private static JsonObject Open(string title, Uri url) => new() { ["type"] = "Action.OpenUrl", ["title"] = title, ["url"] = url.AbsoluteUri };
}
