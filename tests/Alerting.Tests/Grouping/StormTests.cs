using System.Text;
using System.Text.Json;
using RiskMonitor.Alerting.Tests.Channels;
using RiskMonitor.Alerting.Tests.Endpoints;
using RiskMonitor.Alerting.Tests.Webhooks;
using RiskMonitor.Risk.Alerts;
using SmtpServer.Protocol;

namespace RiskMonitor.Alerting.Tests.Grouping;

/// <summary>Many alerts at once, at receivers on real sockets.</summary>
public sealed class StormTests
{
    private const int Alerts = 1_000;
    private static readonly (string, string?)[] s_links = [("Links:PublicUrl", "https://risk.example"), ("Links:Secret", Convert.ToBase64String(new byte[32]))];

    [Theory]
    [InlineData("slack", 40_000)]
    [InlineData("teams", 28_000)]
    public async Task A_thousand_alerts_are_one_message_and_one_list_for_people(string kind, int mostBytes)
    {
        await using var receiver = await Receiver.StartAsync(200);
        await using var endpoints = People(kind, ("Url", receiver.Url));
        var results = await StormAsync(endpoints, "ops", Alerts);

        Assert.Equal(2, receiver.Messages.Count);
        Assert.All(results, result => Assert.Equal(DeliveryOutcome.Delivered, result.Outcome));
        var group = Assert.Single(endpoints.Groups.Saved);
        Assert.Equal(Alerts - 1, group.Alerts.Count);
        Assert.Equal(Enumerable.Range(1, Alerts - 1).Select(DeliveryId).Order(StringComparer.Ordinal), group.Alerts.Select(alert => alert.DeliveryId).Order(StringComparer.Ordinal));
        Assert.All(group.Alerts, alert => Assert.True(alert.NeedsAck));
        Assert.All(results.Skip(1), result => Assert.Contains(group.GroupId, result.Detail, StringComparison.Ordinal));

        var (first, list) = (Encoding.UTF8.GetString(receiver.Messages.First().Body), Encoding.UTF8.GetString(receiver.Messages.Last().Body));
        Assert.Contains($"/alerts/{AlertId(0):D}/ack?t=", first, StringComparison.Ordinal);
        Assert.Contains("999 limit breaches: 1 CRITICAL, 998 INFO", list, StringComparison.Ordinal);
        Assert.Contains($"https://risk.example/alerts/groups/{group.GroupId}?t=", list, StringComparison.Ordinal);
        Assert.Contains("… and 949 more", list, StringComparison.Ordinal);
        Assert.InRange(receiver.Messages.Last().Body.Length, 1_000, mostBytes);
        // The severest comes first, and no name of a desk becomes markup.
        Assert.True(list.IndexOf("CRITICAL: Desk 7 ", StringComparison.Ordinal) < list.IndexOf("INFO: Desk 1 ", StringComparison.Ordinal));
        using var json = JsonDocument.Parse(list);
        Assert.DoesNotContain(Strings(json.RootElement, "type"), type => type is "mrkdwn" or "TextBlock");
    }

    [Fact]
    public async Task A_thousand_alerts_are_a_thousand_messages_for_a_program()
    {
        await using var receiver = await Receiver.StartAsync(200);
        await using var endpoints = new TestEndpoints(TestEndpoints.Webhook(0, "ops", receiver.Url));
        var results = await StormAsync(endpoints, "ops", Alerts);
        Assert.All(results, result => Assert.Equal(DeliveryOutcome.Delivered, result.Outcome));
        Assert.Equal(Alerts, receiver.Messages.Select(message => message.Id).Distinct().Count());
        Assert.Empty(endpoints.Groups.Saved);
    }

    [Fact]
    public async Task A_mail_lists_all_of_them_in_text_and_html()
    {
        await using var server = await MailServer.StartAsync(SmtpResponse.Ok);
        await using var endpoints = People(
            "email",
            ("SmtpHost", "127.0.0.1"),
            ("SmtpPort", server.Port.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ("SmtpSecurity", "none"),
            ("From", "monitor@example.com"),
            ("To:0", "desk@example.com"));
        await StormAsync(endpoints, "ops", 101);

        Assert.Equal(2, server.Mails.Count);
        var list = server.Mails.Last();
        Assert.Contains("100 limit breaches", list.Subject, StringComparison.Ordinal);
        Assert.Empty(list.References);
        foreach (var text in new[] { list.TextBody, list.HtmlBody })
        {
            Assert.Contains($"/alerts/groups/{Assert.Single(endpoints.Groups.Saved).GroupId}?t=", text, StringComparison.Ordinal);
            Assert.Contains("Desk 1 ", text, StringComparison.Ordinal);
            Assert.Contains("Desk 100 ", text, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("<b>", list.HtmlBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_that_fails_is_a_failed_attempt_of_each_of_its_alerts()
    {
        await using var receiver = await Receiver.StartAsync(503);
        await using var endpoints = People("slack", ("Url", receiver.Url));
        var results = await StormAsync(endpoints, "ops", 5);
        Assert.All(results, result => Assert.Equal((DeliveryOutcome.Failed, 503), (result.Outcome, result.Status)));
        Assert.Equal(2, receiver.Messages.Count);
    }

    [Fact]
    public async Task A_list_that_cannot_be_stored_is_not_posted()
    {
        await using var receiver = await Receiver.StartAsync(200);
        await using var endpoints = People("slack", ("Url", receiver.Url));
        endpoints.Groups.OnSaving = () => throw new InvalidDataException("disk full");
        using var first = endpoints.Sender.TryAcquirePermit("ops");
        var permits = await PermitsAsync(endpoints, "ops", 2);
        var sent = permits.Select((permit, i) => permit.Group!.SendAsync(Message("ops", i), CancellationToken.None)).ToList();
        foreach (var one in sent)
        {
            await Assert.ThrowsAsync<InvalidDataException>(() => one);
        }

        Assert.Empty(receiver.Messages);
    }

    [Fact]
    public async Task An_alert_that_was_acknowledged_while_it_waited_is_not_in_the_list_and_delays_it_not()
    {
        await using var receiver = await Receiver.StartAsync(200);
        await using var endpoints = People("slack", ("Url", receiver.Url));
        using var first = endpoints.Sender.TryAcquirePermit("ops");
        var permits = await PermitsAsync(endpoints, "ops", 3);
        var sent = permits.Skip(1).Select((permit, i) => permit.Group!.SendAsync(Message("ops", i + 1), CancellationToken.None)).ToList();
        permits[0].Dispose();
        await Task.WhenAll(sent);
        Assert.Equal([DeliveryId(1), DeliveryId(2)], Assert.Single(endpoints.Groups.Saved).Alerts.Select(alert => alert.DeliveryId));
    }

    [Fact]
    public async Task Who_waits_alone_gets_the_usual_message_and_after_a_quiet_time_the_first_goes_at_once()
    {
        await using var receiver = await Receiver.StartAsync(200);
        await using var endpoints = People("slack", ("Url", receiver.Url));
        using (var first = endpoints.Sender.TryAcquirePermit("ops"))
        {
            Assert.NotNull(first);
            Assert.Null(endpoints.Sender.TryAcquirePermit("ops"));
        }

        var alone = Assert.Single(await PermitsAsync(endpoints, "ops", 1));
        Assert.Null(alone.Group);
        alone.Dispose();
        endpoints.Time.Advance(TimeSpan.FromSeconds(3));
        using var next = endpoints.Sender.TryAcquirePermit("ops");
        Assert.NotNull(next);
    }

    [Fact]
    public async Task An_endpoint_for_programs_refuses_a_window()
    {
        var problem = Assert.Throws<Microsoft.Extensions.Options.OptionsValidationException>(
            () => new TestEndpoints(TestEndpoints.Webhook(0, "ops", "http://127.0.0.1:1", ("GroupWithin", "00:00:05"))).Sender);
        Assert.Contains("Alerting:Endpoints:0:GroupWithin is set, but an endpoint of kind webhook has none", problem.Message, StringComparison.Ordinal);
        var tooLong = Assert.Throws<Microsoft.Extensions.Options.OptionsValidationException>(
            () => People("slack", ("Url", "http://127.0.0.1:1"), ("GroupWithin", "01:00:00")).Sender);
        Assert.Contains("Alerting:Endpoints:0:GroupWithin is 01:00:00; set it from", tooLong.Message, StringComparison.Ordinal);
        await using var off = People("slack", ("Url", "http://127.0.0.1:1"), ("GroupWithin", "00:00:00"));
        using var first = off.Sender.TryAcquirePermit("ops");
        using var second = off.Sender.TryAcquirePermit("ops");
        Assert.NotNull(second);
    }

    /// <summary>Each alert as its grain sends it: at once if it may, else when its permit comes.</summary>
    private static async Task<IReadOnlyList<DeliveryResult>> StormAsync(TestEndpoints endpoints, string endpoint, int count)
    {
        var permits = Enumerable.Range(0, count).Select(_ => endpoints.Sender.TryAcquirePermit(endpoint) is { } now
            ? Task.FromResult(now)
            : endpoints.Sender.AcquirePermitAsync(endpoint, CancellationToken.None).AsTask()).ToList();
        var sent = permits.Select((permit, i) => SendAsync(permit, i)).ToList();
        await Eventually.IsTrueAsync("all have been sent", () =>
        {
            if (!permits.TrueForAll(permit => permit.IsCompleted))
            {
                endpoints.Time.Advance(TimeSpan.FromMilliseconds(20));
            }

            return sent.TrueForAll(one => one.IsCompleted);
        });
        return await Task.WhenAll(sent);

        async Task<DeliveryResult> SendAsync(Task<DeliveryPermit> waiting, int i)
        {
            using var permit = await waiting;
            return await (permit.Group?.SendAsync(Message(endpoint, i), CancellationToken.None) ?? endpoints.Sender.SendAsync(Message(endpoint, i), CancellationToken.None));
        }
    }

    private static async Task<IReadOnlyList<DeliveryPermit>> PermitsAsync(TestEndpoints endpoints, string endpoint, int count)
    {
        var permits = Enumerable.Range(0, count).Select(_ => endpoints.Sender.AcquirePermitAsync(endpoint, CancellationToken.None).AsTask()).ToList();
        await Eventually.IsTrueAsync("the window ends", () =>
        {
            endpoints.Time.Advance(permits.TrueForAll(permit => permit.IsCompleted) ? TimeSpan.Zero : TimeSpan.FromMilliseconds(200));
            return permits.TrueForAll(permit => permit.IsCompleted);
        });
        return await Task.WhenAll(permits);
    }

    private static OutgoingMessage Message(string endpoint, int i) => new(
        endpoint, DeliveryId(i), AlertId(i), 1, NotificationKind.Opened, Breaches.Alert($"Desk {i} <b>&\"漢", i == 7 ? 1_600 : 1_100).Notice!.Body, Webhooks.Sender.Noon);

    private static Guid AlertId(int i) => new(i, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);

    private static string DeliveryId(int i) => $"dlv_{i}";

    private static TestEndpoints People(string kind, params (string Key, string? Value)[] settings) => new(
    [
        .. s_links,
        ("Alerting:Endpoints:0:Name", "ops"),
        ("Alerting:Endpoints:0:Kind", kind),
        .. settings.Select(setting => ($"Alerting:Endpoints:0:{setting.Key}", setting.Value)),
    ]);

    private static IEnumerable<string?> Strings(JsonElement json, string name) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(property => property.Name == name && property.Value.ValueKind == JsonValueKind.String
            ? [property.Value.GetString()]
            : Strings(property.Value, name)),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(element => Strings(element, name)),
        _ => [],
    };
}
