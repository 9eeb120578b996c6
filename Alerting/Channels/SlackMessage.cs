using System.Text.Json.Nodes;
using RiskMonitor.Alerting.Messages;

namespace RiskMonitor.Alerting.Channels;

/// <summary>
/// An alert for a Slack incoming webhook, as blocks. All texts are <c>plain_text</c>, in which names can neither mention anybody nor make links; the
/// fallback <c>text</c> is escaped as Slack asks.
/// </summary>
internal static class SlackMessage
{
    private const int MostHeaderChars = 150;
    private const int MostTextChars = 3_000;
    private const int MostFieldChars = 2_000;
    private const int MostFields = 10;

    /// <summary>Of a list; a section of so many lines stays below its maximum.</summary>
    private const int MostLines = 50;
    private const int MostListBytes = 16_000;
    private const int LinesInSection = 10;

    public static JsonObject Of(AlertCard card)
    {
        var blocks = new JsonArray
        {
            new JsonObject { ["type"] = "header", ["text"] = Plain(card.Title, MostHeaderChars) },
            new JsonObject { ["type"] = "section", ["text"] = Plain(card.Message, MostTextChars) },
            new JsonObject
            {
                ["type"] = "section",
                ["fields"] = new JsonArray([.. card.Facts.Take(MostFields).Select(fact => Plain($"{fact.Name}: {fact.Value}", MostFieldChars))]),
            },
        };
        if (card.Conclusion is { } conclusion)
        {
            blocks.Add(new JsonObject { ["type"] = "section", ["text"] = Plain(conclusion, MostTextChars) });
        }

        foreach (var lines in card.Listed(MostLines, MostListBytes).Chunk(LinesInSection))
        {
            blocks.Add(new JsonObject { ["type"] = "section", ["text"] = Plain(string.Join('\n', lines), MostTextChars) });
        }

        var buttons = new JsonArray();
        if (card.Acknowledge is { } acknowledge)
        {
            buttons.Add(Button("acknowledge", "Acknowledge", acknowledge, "primary"));
        }

        if (card.Page is { } page)
        {
            buttons.Add(Button("open", card.PageTitle, page, card.Lines.Count > 0 ? "primary" : null));
        }

        if (buttons.Count > 0)
        {
            blocks.Add(new JsonObject { ["type"] = "actions", ["elements"] = buttons });
        }

        return new JsonObject { ["text"] = Escaped(AlertCard.Cut($"{card.Title}. {card.Message}", MostTextChars)), ["blocks"] = blocks };
    }

    private static JsonObject Plain(string text, int most) => new() { ["type"] = "plain_text", ["text"] = AlertCard.Cut(text, most), ["emoji"] = false };

    private static JsonObject Button(string id, string text, Uri url, string? style)
    {
        var button = new JsonObject
        {
            ["type"] = "button",
            ["action_id"] = id,
            ["text"] = Plain(text, 75),
            ["url"] = url.AbsoluteUri,
        };
        if (style is not null)
        {
            button["style"] = style;
        }

        return button;
    }

    private static string Escaped(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal);
}
