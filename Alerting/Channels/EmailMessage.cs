using System.Globalization;
using System.Net;
using System.Text;
using MimeKit;
using RiskMonitor.Alerting.Endpoints;
using RiskMonitor.Alerting.Messages;

namespace RiskMonitor.Alerting.Channels;

/// <summary>An alert as an e-mail, in text and HTML. All mails of one alert are one conversation, and a retry has the same Message-Id.</summary>
internal static class EmailMessage
{
    private const int MostSubjectChars = 200;

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
        mail.References.Add($"{card.Source.AlertId.ToString("D", CultureInfo.InvariantCulture)}@riskmonitor");
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

        if (card.Acknowledge is { } acknowledge)
        {
            text.Append(CultureInfo.InvariantCulture, $"\r\nAcknowledge: {acknowledge.AbsoluteUri}\r\n");
        }

        if (card.Page is { } page)
        {
            text.Append(CultureInfo.InvariantCulture, $"\r\nReport: {page.AbsoluteUri}\r\n");
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

        if (card.Acknowledge is { } acknowledge)
        {
            html.Append(CultureInfo.InvariantCulture, $"<p><a href=\"{Escaped(acknowledge.AbsoluteUri)}\">Acknowledge</a></p>");
        }

        if (card.Page is { } page)
        {
            html.Append(CultureInfo.InvariantCulture, $"<p><a href=\"{Escaped(page.AbsoluteUri)}\">Open report</a></p>");
        }

        return html.Append("</body></html>").ToString();
    }

    private static string Escaped(string text) => WebUtility.HtmlEncode(text);
}
