using System.Globalization;
using System.Net;
using System.Text;
using MimeKit;
using RiskMonitor.Alerting.Endpoints;
using RiskMonitor.Alerting.Messages;

namespace RiskMonitor.Alerting.Channels;

/// <summary>An alert as an e-mail, in text and HTML. All mails of one alert are one conversation, and a retry has the same Message-Id; a list begins its own.</summary>
internal static class EmailMessage
{
    private const int MostSubjectChars = 200;

    /// <summary>Of a list: all that one has, unless the desks' names are very long.</summary>
    private const int MostLines = 1_000;
    private const int MostListBytes = 200_000;

    public static MimeMessage Of(AlertCard card, EndpointOptions options)
    {
        var mail = new MimeMessage
        {
            MessageId = $"{card.Source.DeliveryId}@riskmonitor",
            Date = card.Source.CreatedAt,
            Subject = AlertCard.Cut(card.Title, MostSubjectChars),
        };
        mail.From.Add(MailboxAddress.Parse(options.From!));
        mail.To.AddRange(options.To.Select(MailboxAddress.Parse));
        if (card.Lines.Count == 0)
        {
            mail.References.Add($"{card.Source.AlertId.ToString("D", CultureInfo.InvariantCulture)}@riskmonitor");
        }

        // RFC 3834: no out-of-office answers, please.
        mail.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        mail.Priority = card is { IsCured: false, Severity: "CRITICAL" } ? MessagePriority.Urgent : MessagePriority.Normal;
        mail.Body = new BodyBuilder { TextBody = Text(card), HtmlBody = Html(card) }.ToMessageBody();
        return mail;
    }

    private static string Text(AlertCard card)
    {
        var text = new StringBuilder(card.Message).Append("\r\n\r\n");
        foreach (var (name, value) in card.Facts)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        if (card.Conclusion is { } conclusion)
        {
            text.Append(CultureInfo.InvariantCulture, $"\r\n{conclusion}\r\n");
        }

        foreach (var line in card.Listed(MostLines, MostListBytes))
        {
            text.Append(CultureInfo.InvariantCulture, $"\r\n- {line}");
        }

        text.Append(card.Lines.Count > 0 ? "\r\n" : "");
        if (card.Acknowledge is { } acknowledge)
        {
            text.Append(CultureInfo.InvariantCulture, $"\r\nAcknowledge: {acknowledge.AbsoluteUri}\r\n");
        }

        if (card.Page is { } page)
        {
            text.Append(CultureInfo.InvariantCulture, $"\r\n{(card.Lines.Count > 0 ? card.PageTitle : "Report")}: {page.AbsoluteUri}\r\n");
        }

        return text.ToString();
    }

    private static string Html(AlertCard card)
    {
        var html = new StringBuilder("<!DOCTYPE html><html><body style=\"font-family:sans-serif\">");
        html.Append(CultureInfo.InvariantCulture, $"<h2>{Escaped(card.Title)}</h2><p>{Escaped(card.Message)}</p><table>");
        foreach (var (name, value) in card.Facts)
        {
            html.Append(CultureInfo.InvariantCulture, $"<tr><th style=\"text-align:left;padding-right:1em\">{Escaped(name)}</th><td>{Escaped(value)}</td></tr>");
        }

        html.Append("</table>");
        if (card.Conclusion is { } conclusion)
        {
            html.Append(CultureInfo.InvariantCulture, $"<p>{Escaped(conclusion)}</p>");
        }

        if (card.Lines.Count > 0)
        {
            html.Append(CultureInfo.InvariantCulture, $"<ul>{string.Concat(card.Listed(MostLines, MostListBytes).Select(line => $"<li>{Escaped(line)}</li>"))}</ul>");
        }

        if (card.Acknowledge is { } acknowledge)
        {
            html.Append(CultureInfo.InvariantCulture, $"<p><a href=\"{Escaped(acknowledge.AbsoluteUri)}\">Acknowledge</a></p>");
        }

        if (card.Page is { } page)
        {
            html.Append(CultureInfo.InvariantCulture, $"<p><a href=\"{Escaped(page.AbsoluteUri)}\">{Escaped(card.PageTitle)}</a></p>");
        }

        return html.Append("</body></html>").ToString();
    }

    private static string Escaped(string text) => WebUtility.HtmlEncode(text);
}
