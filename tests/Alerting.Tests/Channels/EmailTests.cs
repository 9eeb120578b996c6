using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using RiskMonitor.Alerting.Tests.Endpoints;
using RiskMonitor.Risk.Alerts;
using SmtpServer.Protocol;

namespace RiskMonitor.Alerting.Tests.Channels;

/// <summary>Mails to a real SMTP server.</summary>
public sealed class EmailTests
{
    private const string HostileDesk = "<b>FX</b> & \"co\"\r\nBcc: everybody@evil.example";

    [Fact]
    public async Task A_mail_has_the_figures_the_conclusion_and_the_links_in_text_and_html()
    {
        await using var server = await MailServer.StartAsync(SmtpResponse.Ok);
        await using var endpoints = Endpoints(server.Port);
        var result = await endpoints.SendAsync("mail", "dlv_1", Breaches.Alert(HostileDesk, 1_600).Notice!.Body);
        Assert.True(result.Outcome == DeliveryOutcome.Delivered, result.Detail);
        await endpoints.SendAsync("mail", "dlv_1", Breaches.Alert(HostileDesk, 1_600).Notice!.Body);

        var mails = server.Mails.ToList();
        Assert.Equal(2, mails.Count);
        Assert.Equal("dlv_1@riskmonitor", mails[0].MessageId);
        Assert.Equal(mails[0].MessageId, mails[1].MessageId);
        Assert.Equal(["desk-head@example.com", "risk@example.com"], mails[0].To.Mailboxes.Select(to => to.Address));
        Assert.Empty(mails[0].Bcc);
        Assert.Contains("CRITICAL", mails[0].Subject, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", mails[0].Subject, StringComparison.Ordinal);
        Assert.Equal("7d0c5ad3-5a52-5a0c-9d55-0d6f6a4f9b11@riskmonitor", Assert.Single(mails[0].References));
        foreach (var text in new[] { mails[0].TextBody, mails[0].HtmlBody })
        {
            Assert.Contains("1600.0000 EUR", text, StringComparison.Ordinal);
            Assert.Contains("EUR is net long.", text, StringComparison.Ordinal);
            Assert.Contains("https://risk.example/alerts/7d0c5ad3-5a52-5a0c-9d55-0d6f6a4f9b11/ack?t=", text, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("<b>", mails[0].HtmlBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_refuses_is_a_failed_attempt_that_tells_the_status()
    {
        await using var server = await MailServer.StartAsync(new SmtpResponse(SmtpReplyCode.SizeLimitExceeded, "too much"));
        await using var endpoints = Endpoints(server.Port);
        var result = await endpoints.SendAsync("mail", "dlv_1", Breaches.Alert("FX", 1_600).Notice!.Body);

        Assert.Equal((DeliveryOutcome.Failed, 552), (result.Outcome, result.Status));
        Assert.Contains("too much", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_away_or_offers_no_encryption_is_a_failed_attempt()
    {
        await using var server = await MailServer.StartAsync(SmtpResponse.Ok);
        await using var encrypted = Endpoints(server.Port, ("SmtpSecurity", "starttls"));
        Assert.Equal(DeliveryOutcome.Failed, (await encrypted.SendAsync("mail", "dlv_1", Breaches.Alert("FX", 1_600).Notice!.Body)).Outcome);
        Assert.Empty(server.Mails);

        // Bound and not listening: the port is nobody else's meanwhile.
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using var away = Endpoints(((IPEndPoint)socket.LocalEndPoint!).Port);
        Assert.Equal(DeliveryOutcome.Failed, (await away.SendAsync("mail", "dlv_1", Breaches.Alert("FX", 1_600).Notice!.Body)).Outcome);
    }

    [Theory]
    [InlineData("SmtpHost", "", "Alerting:Endpoints:0:SmtpHost is ''")]
    [InlineData("SmtpSecurity", "ssl", "Alerting:Endpoints:0:SmtpSecurity is 'ssl'")]
    [InlineData("SmtpPassword", "hunter2hunter2", "Alerting:Endpoints:0:SmtpPassword is set with SmtpSecurity none")]
    [InlineData("From", "nobody", "Alerting:Endpoints:0:From is 'nobody'")]
    [InlineData("To:0", "a@b.example\r\nBcc: c@d.example", "Alerting:Endpoints:0:To:0 is ")]
    [InlineData("RoutingKey", "x", "Alerting:Endpoints:0:RoutingKey is set, but an endpoint of kind email has none")]
    public async Task A_wrong_setting_stops_the_start(string key, string value, string problem)
    {
        await using var endpoints = Endpoints(25, (key, value));
        var failure = Assert.Throws<OptionsValidationException>(() => endpoints.Routes);
        Assert.Contains(failure.Failures, found => found.StartsWith(problem, StringComparison.Ordinal));
        Assert.DoesNotContain("hunter2", failure.Message, StringComparison.Ordinal);
    }

    private static TestEndpoints Endpoints(int port, params (string Key, string? Value)[] more)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Links:PublicUrl"] = "https://risk.example",
            ["Links:Secret"] = Convert.ToBase64String(new byte[32]),
            ["Alerting:Endpoints:0:Name"] = "mail",
            ["Alerting:Endpoints:0:Kind"] = "email",
            ["Alerting:Endpoints:0:SmtpHost"] = "127.0.0.1",
            ["Alerting:Endpoints:0:SmtpPort"] = port.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["Alerting:Endpoints:0:SmtpSecurity"] = "none",
            ["Alerting:Endpoints:0:From"] = "Risk Monitor <monitor@example.com>",
            ["Alerting:Endpoints:0:To:0"] = "desk-head@example.com",
            ["Alerting:Endpoints:0:To:1"] = "risk@example.com",
        };
        foreach (var (key, value) in more)
        {
            settings[$"Alerting:Endpoints:0:{key}"] = value;
        }

        return new TestEndpoints([.. settings.Select(setting => (setting.Key, setting.Value))]);
    }
}
