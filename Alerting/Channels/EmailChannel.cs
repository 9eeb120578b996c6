using System.Globalization;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using RiskMonitor.Alerting.Endpoints;
using RiskMonitor.Alerting.Messages;
using RiskMonitor.Alerting.Webhooks;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Alerting.Channels;

/// <summary>Hands messages to an SMTP server, over a connection of their own. Delivered means that the server has taken the mail.</summary>
/// <param name="targets">Checks the server's address; null: it may have any.</param>
internal sealed class EmailChannel(EndpointOptions options, AlertLinks links, TargetAddresses? targets) : IListChannel
{
    private const int LeastRedactedChars = 4;

    public string Address => string.Create(CultureInfo.InvariantCulture, $"smtp://{options.SmtpHost}:{options.SmtpPort}");

    public Task<ChannelAnswer> SendAsync(OutgoingMessage message, CancellationToken cancellationToken) => SendListAsync(AlertCard.Of(message, links), cancellationToken);

    public async Task<ChannelAnswer> SendListAsync(AlertCard card, CancellationToken cancellationToken)
    {
        using var mail = EmailMessage.Of(card, options);
        using var client = new SmtpClient { CheckCertificateRevocation = false };
        try
        {
            await ConnectAsync(client, cancellationToken);
            if (!string.IsNullOrEmpty(options.SmtpUser))
            {
                await client.AuthenticateAsync(options.SmtpUser, options.SmtpPassword ?? "", cancellationToken);
            }

            var answer = await client.SendAsync(mail, cancellationToken);
            await QuitAsync(client, cancellationToken);
            return new ChannelAnswer(ChannelAnswer.Delivered, $"250 {answer}", 250, answer);
        }
        catch (SmtpCommandException refused)
        {
            var status = (int)refused.StatusCode;
            return new ChannelAnswer(ChannelAnswer.Refused, string.Create(CultureInfo.InvariantCulture, $"{status} {refused.Message}"), status, refused.Message);
        }
        catch (Exception refused) when (refused is AuthenticationException or SslHandshakeException or SmtpProtocolException or ServiceNotAuthenticatedException or NotSupportedException)
        {
            // What the library says of a certificate is several lines long, and the first one tells.
            return new ChannelAnswer(ChannelAnswer.Refused, refused.Message.Split('\n')[0]);
        }
    }

    public string Redact(string text) => options.SmtpPassword is { Length: >= LeastRedactedChars } password
        ? text.Replace(password, WebhookEndpoint.Hidden, StringComparison.Ordinal)
        : text;

    public static SecureSocketOptions SecurityOf(string security) => security switch
    {
        "tls" => SecureSocketOptions.SslOnConnect,
        "none" => SecureSocketOptions.None,
        _ => SecureSocketOptions.StartTls,
    };

    private async Task ConnectAsync(SmtpClient client, CancellationToken cancellationToken)
    {
        var security = SecurityOf(options.SmtpSecurity);
        if (targets is null)
        {
            await client.ConnectAsync(options.SmtpHost!, options.SmtpPort, security, cancellationToken);
            return;
        }

        // The client owns the socket from then on.
        var socket = await targets.ConnectAsync(options.SmtpHost!, options.SmtpPort, cancellationToken);
        await client.ConnectAsync(socket, options.SmtpHost!, options.SmtpPort, security, cancellationToken);
    }

    /// <summary>The mail is taken already; a server that ends the connection first has not refused it.</summary>
    private static async Task QuitAsync(SmtpClient client, CancellationToken cancellationToken)
    {
        try
        {
            await client.DisconnectAsync(quit: true, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or ProtocolException or CommandException or OperationCanceledException)
        {
        }
    }
}
