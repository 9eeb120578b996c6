using System.Text;
using System.Text.Json;
using RiskMonitor.Alerting.Tests.Endpoints;
using RiskMonitor.Alerting.Tests.Webhooks;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Alerting.Tests.Channels;

/// <summary>Messages in the forms that Slack, Teams and PagerDuty document.</summary>
public sealed class PeopleChannelsTests
{
    private const string HostileDesk = "<!channel> *FX* [x](http://evil) \"&\u202e\n";
    private static readonly (string, string?)[] s_links = [("Links:PublicUrl", "https://risk.example/monitor/"), ("Links:Secret", Convert.ToBase64String(new byte[32]))];

    [Fact]
    public async Task Slack_gets_blocks_of_plain_text_with_both_links()
    {
        await using var receiver = await Receiver.StartAsync(200);
        await using var endpoints = Endpoints("slack", receiver.Url);
        var sent = await SentAsync(endpoints, receiver, Body(HostileDesk));

        Assert.DoesNotContain("<!channel>", sent.GetProperty("text").GetString(), StringComparison.Ordinal);
        var blocks = sent.GetProperty("blocks").EnumerateArray().ToList();
        Assert.Equal(["header", "section", "section", "section", "actions"], blocks.Select(block => block.GetProperty("type").GetString()));
        Assert.All(Texts(blocks[0]).Concat(Texts(blocks[1])).Concat(Texts(blocks[2])), text => Assert.Equal("plain_text", text.GetProperty("type").GetString()));
        Assert.InRange(blocks[0].GetProperty("text").GetProperty("text").GetString()!.Length, 1, 150);
        Assert.InRange(blocks[2].GetProperty("fields").GetArrayLength(), 5, 10);
        Assert.Contains("EUR is net long.", blocks[3].GetProperty("text").GetProperty("text").GetString(), StringComparison.Ordinal);
        var urls = blocks[4].GetProperty("elements").EnumerateArray().Select(button => button.GetProperty("url").GetString()!).ToList();
        Assert.StartsWith("https://risk.example/monitor/alerts/7d0c5ad3-5a52-5a0c-9d55-0d6f6a4f9b11/ack?t=", urls[0], StringComparison.Ordinal);
        Assert.StartsWith("https://risk.example/monitor/alerts/7d0c5ad3-5a52-5a0c-9d55-0d6f6a4f9b11?t=", urls[1], StringComparison.Ordinal);

        static IEnumerable<JsonElement> Texts(JsonElement block) => block.TryGetProperty("text", out var text) ? [text] : block.GetProperty("fields").EnumerateArray();
    }

    [Fact]
    public async Task Teams_gets_an_adaptive_card_in_which_no_name_is_markdown()
    {
        await using var receiver = await Receiver.StartAsync(202);
        await using var endpoints = Endpoints("teams", receiver.Url);
        var sent = await SentAsync(endpoints, receiver, Body(HostileDesk));

        Assert.Equal("message", sent.GetProperty("type").GetString());
        var attachment = Assert.Single(sent.GetProperty("attachments").EnumerateArray());
        Assert.Equal("application/vnd.microsoft.card.adaptive", attachment.GetProperty("contentType").GetString());
        var card = attachment.GetProperty("content");
        Assert.Equal(("AdaptiveCard", "1.4"), (card.GetProperty("type").GetString(), card.GetProperty("version").GetString()));
        Assert.All(card.GetProperty("body").EnumerateArray(), block =>
        {
            Assert.Equal("RichTextBlock", block.GetProperty("type").GetString());
            Assert.All(block.GetProperty("inlines").EnumerateArray(), run => Assert.Equal("TextRun", run.GetProperty("type").GetString()));
        });
        Assert.Equal(["Action.OpenUrl", "Action.OpenUrl"], card.GetProperty("actions").EnumerateArray().Select(action => action.GetProperty("type").GetString()));
        Assert.True(receiver.Messages.Single().Body.Length < 28_000);
    }

    [Fact]
    public async Task PagerDuty_gets_one_incident_for_each_alert_which_the_cure_resolves()
    {
        await using var receiver = await Receiver.StartAsync(202);
        await using var endpoints = Endpoints("pagerduty", receiver.Url, ("RoutingKey", new string('a', 32)));
        var opened = await SentAsync(endpoints, receiver, Body("FX"));
        var cured = await SentAsync(endpoints, receiver, Body("FX"), NotificationKind.Cured);

        Assert.Equal(
            ("trigger", "7d0c5ad3-5a52-5a0c-9d55-0d6f6a4f9b11", new string('a', 32)),
            (opened.GetProperty("event_action").GetString(), opened.GetProperty("dedup_key").GetString(), opened.GetProperty("routing_key").GetString()));
        var payload = opened.GetProperty("payload");
        Assert.Equal(("FX", "critical", "net_delta"), (payload.GetProperty("source").GetString(), payload.GetProperty("severity").GetString(), payload.GetProperty("component").GetString()));
        Assert.InRange(payload.GetProperty("summary").GetString()!.Length, 20, 1024);
        Assert.Equal("1600.0000 EUR", payload.GetProperty("custom_details").GetProperty("net_delta").GetString());
        Assert.Equal(2, opened.GetProperty("links").GetArrayLength());
        Assert.Equal(("resolve", opened.GetProperty("dedup_key").GetString()), (cured.GetProperty("event_action").GetString(), cured.GetProperty("dedup_key").GetString()));
        Assert.Single(cured.GetProperty("links").EnumerateArray());
    }

    [Theory]
    [InlineData("slack")]
    [InlineData("teams")]
    [InlineData("pagerduty")]
    public async Task A_retry_sends_the_same_bytes_and_no_answer_shows_the_secret_address(string kind)
    {
        await using var receiver = await Receiver.StartAsync(context =>
        {
            context.Response.StatusCode = 500;
            return Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(context.Response, $"cannot POST {context.Request.Path}{context.Request.QueryString} {new string('a', 32)}");
        });
        await using var endpoints = Endpoints(kind, receiver.Url + "/T00/B00/geheim-geheim", kind == "pagerduty" ? [("RoutingKey", new string('a', 32))] : []);
        var at = endpoints.Time.GetUtcNow();
        var message = new OutgoingMessage("ops", "dlv_1", new Guid("7d0c5ad3-5a52-5a0c-9d55-0d6f6a4f9b11"), 1, NotificationKind.Opened, Body("FX"), at);
        var first = await endpoints.Sender.SendAsync(message, CancellationToken.None);
        endpoints.Time.Advance(TimeSpan.FromHours(3));
        await endpoints.Sender.SendAsync(message, CancellationToken.None);

        Assert.Equal(receiver.Messages.First().Body, receiver.Messages.Last().Body);
        Assert.Equal((DeliveryOutcome.Failed, 500), (first.Outcome, first.Status));
        Assert.DoesNotContain("geheim", first.Detail + first.Answer, StringComparison.Ordinal);
        Assert.Equal(kind != "pagerduty", $"{first.Detail}{first.Answer}".Contains("aaaa", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("slack")]
    [InlineData("teams")]
    public async Task Without_a_public_address_a_message_has_no_links(string kind)
    {
        await using var receiver = await Receiver.StartAsync(200);
        await using var endpoints = new TestEndpoints(("Alerting:Endpoints:0:Name", "ops"), ("Alerting:Endpoints:0:Kind", kind), ("Alerting:Endpoints:0:Url", receiver.Url));
        await endpoints.SendAsync("ops", body: Body("FX"));
        Assert.DoesNotContain("alerts/7d0c", Encoding.UTF8.GetString(receiver.Messages.Single().Body), StringComparison.Ordinal);
    }

    private static TestEndpoints Endpoints(string kind, string url, params (string Key, string? Value)[] more) => new(
    [
        .. s_links,
        ("Alerting:Endpoints:0:Name", "ops"),
        ("Alerting:Endpoints:0:Kind", kind),
        ("Alerting:Endpoints:0:Url", url),
        .. more.Select(setting => ($"Alerting:Endpoints:0:{setting.Key}", setting.Value)),
    ]);

    private static string Body(string desk) => Breaches.Alert(desk, 1_600).Notice!.Body;

    private static async Task<JsonElement> SentAsync(TestEndpoints endpoints, Receiver receiver, string body, NotificationKind kind = NotificationKind.Opened)
    {
        Assert.Equal(DeliveryOutcome.Delivered, (await endpoints.SendAsync("ops", body: body, kind: kind)).Outcome);
        Assert.StartsWith("application/json", receiver.Messages.Last().ContentType, StringComparison.Ordinal);
        return JsonDocument.Parse(receiver.Messages.Last().Body).RootElement;
    }
}
