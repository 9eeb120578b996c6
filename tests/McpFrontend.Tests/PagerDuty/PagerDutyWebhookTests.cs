using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RiskMonitor.McpFrontend.PagerDuty;
using RiskMonitor.McpFrontend.Tests.World;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.McpFrontend.Tests.PagerDuty;

/// <summary>Acknowledgements that are made in PagerDuty come back, by Webhooks v3.</summary>
public sealed class PagerDutyWebhookTests
{
    private const string Secret = "jW3xR8qk0vN5tYb2ZsQd7LmA";
    private const string NextSecret = "Ke9pT4uH6cXw1FgV8oJr3BnE";

    [Fact]
    public async Task A_person_who_acknowledges_the_incident_acknowledges_the_alert_once()
    {
        await using var world = await StartAsync();
        var body = Event(AlertOf(world), "incident.acknowledged", world.Book.Now.AddSeconds(5));
        Assert.Equal("accepted", await OutcomeAsync(world, body));
        var ack = AlertOf(world).Acknowledgement!;
        Assert.Equal(
            ("pagerduty:webhook", "Ann Ōta", AlertOf(world).Notice!.DeliveryId, 1),
            (ack.By, ack.OnBehalfOf, ack.DeliveryId, ack.Revision));
        Assert.Contains("acknowledged in PagerDuty", ack.Comment, StringComparison.Ordinal);
        Assert.Contains("PGR0VU2", ack.Comment, StringComparison.Ordinal);

        // PagerDuty may send an event twice, and then the incident is resolved.
        Assert.Equal("repeated", await OutcomeAsync(world, body));
        Assert.Equal("repeated", await OutcomeAsync(world, Event(AlertOf(world), "incident.resolved", world.Book.Now.AddSeconds(9))));
        Assert.Equal(ack, AlertOf(world).Acknowledgement);
        await world.StopAsync();
        Assert.Contains(world.Registry.Audit, entry => entry is { User: "pagerduty:webhook", Tool: "ack_alert", Outcome: "ok" });
    }

    [Fact]
    public async Task A_person_who_resolves_the_incident_has_seen_it_and_the_breach_stays_open()
    {
        await using var world = await StartAsync();
        Assert.Equal("accepted", await OutcomeAsync(world, Event(AlertOf(world), "incident.resolved", world.Book.Now.AddSeconds(5))));
        Assert.Equal((AlertStatus.Consumed, true), (AlertOf(world).Status, AlertOf(world).Episode.IsOpen));
        Assert.Contains("resolved in PagerDuty", AlertOf(world).Acknowledgement!.Comment, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("incident.acknowledged", "events_api_v2_inbound_integration_reference")]
    [InlineData("incident.resolved", "service_reference")]
    [InlineData("incident.triggered", "user_reference")]
    [InlineData("pagey.ping", "user_reference")]
    public async Task What_no_person_did_and_what_is_no_acknowledgement_is_ignored(string type, string agent)
    {
        await using var world = await StartAsync();
        Assert.Equal("ignored", await OutcomeAsync(world, Event(AlertOf(world), type, world.Book.Now.AddSeconds(5), agent)));
        Assert.Equal(AlertStatus.Delivered, AlertOf(world).Status);
    }

    [Fact]
    public async Task An_acknowledgement_that_crosses_an_escalation_or_is_replayed_acknowledges_nothing_newer()
    {
        await using var world = await StartAsync(1_100);
        var early = Event(AlertOf(world), "incident.acknowledged", world.Book.Now.AddSeconds(5));
        world.Book.Now = world.Book.Now.AddSeconds(30);
        world.Book.Put("Rates", "P1", 1_700);
        world.Book.Deliver(AlertOf(world).AlertId);

        Assert.Equal(2, AlertOf(world).Revision);
        Assert.Equal("ignored", await OutcomeAsync(world, early));
        Assert.Equal(AlertStatus.Delivered, AlertOf(world).Status);
        Assert.Equal("accepted", await OutcomeAsync(world, Event(AlertOf(world), "incident.acknowledged", world.Book.Now.AddSeconds(5))));
    }

    [Fact]
    public async Task Incidents_of_others_unknown_alerts_and_what_is_no_event_are_ignored_so_that_they_are_not_sent_again()
    {
        await using var world = await StartAsync();
        var other = Event(AlertOf(world), "incident.acknowledged", world.Book.Now.AddSeconds(5));
        other["event"]!["data"]!["incident_key"] = "d3640fbd41094207a1c11e58e46b1662";
        Assert.Equal("ignored", await OutcomeAsync(world, other));
        other["event"]!["data"]!["incident_key"] = Guid.NewGuid().ToString("D");
        Assert.Equal("ignored", await OutcomeAsync(world, other));
        foreach (var text in new[] { "{}", "[]", "null", "{\"event\":3}", "not json", "{\"event\":{\"event_type\":\"incident.acknowledged\",\"occurred_at\":\"soon\"}}" })
        {
            using var response = await PostAsync(world, Encoding.UTF8.GetBytes(text), Sign(Encoding.UTF8.GetBytes(text), Secret));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal(AlertStatus.Delivered, AlertOf(world).Status);
    }

    [Fact]
    public async Task Only_what_one_of_the_secrets_signed_is_read()
    {
        await using var world = await StartAsync();
        var body = Encoding.UTF8.GetBytes(Event(AlertOf(world), "incident.acknowledged", world.Book.Now.AddSeconds(5)).ToJsonString());
        var altered = body.ToArray();
        altered[^2] ^= 1;
        foreach (var (sent, signature) in new (byte[], string?)[]
        {
            (body, null), (body, ""), (body, "v1="), (body, Sign(body, "another secret that is long")), (altered, Sign(body, Secret)), (body, Sign(body, Secret).Replace("v1=", "v0=", StringComparison.Ordinal)), (body, Sign(body, Secret)[..^1]),
        })
        {
            using var refused = await PostAsync(world, sent, signature);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }

        using (var unknown = await PostAsync(world, body, Sign(body, Secret), "another"))
        {
            Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        }

        Assert.Equal(AlertStatus.Delivered, AlertOf(world).Status);
        // While a secret is replaced, PagerDuty signs with both, in any order.
        using var accepted = await PostAsync(world, body, $"{Sign(body, "another secret that is long")}, {Sign(body, NextSecret)}");
        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
        Assert.Equal(AlertStatus.Consumed, AlertOf(world).Status);
    }

    [Fact]
    public void The_signature_is_the_hex_of_an_HMAC_SHA256()
    {
        // RFC 4231, test case 2.
        const string Known = "v1=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        Assert.True(PagerDutySignature.IsGenuine(Known, "what do ya want for nothing?"u8, ["Jefe"]));
        Assert.True(PagerDutySignature.IsGenuine(Known.ToUpperInvariant().Replace("V1=", "v1=", StringComparison.Ordinal), "what do ya want for nothing?"u8, ["other", "Jefe"]));
        Assert.False(PagerDutySignature.IsGenuine(Known, "what do ya want for nothing!"u8, ["Jefe"]));
    }

    [Theory]
    [InlineData("PagerDuty:Receivers:0:Endpoint", "", "PagerDuty:Receivers:0:Endpoint")]
    [InlineData("PagerDuty:Receivers:0:Secrets:0", "short", "PagerDuty:Receivers:0:Secrets:0 is no secret")]
    [InlineData("PagerDuty:Receivers:1:Endpoint", "pd", "PagerDuty:Receivers:1:Endpoint is 'pd'")]
    public void A_subscription_that_cannot_be_right_stops_the_start(string key, string value, string problem)
    {
        var settings = new Dictionary<string, string?> { ["PagerDuty:Receivers:0:Endpoint"] = "pd", ["PagerDuty:Receivers:0:Secrets:0"] = Secret, [key] = value };
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        using var services = new ServiceCollection().AddLogging().AddRiskFrontend(configuration).BuildServiceProvider();
        var failure = Assert.Throws<OptionsValidationException>(services.GetRequiredService<IStartupValidator>().Validate);
        Assert.Contains(failure.Failures, said => said.Contains(problem, StringComparison.Ordinal));
        Assert.DoesNotContain(failure.Failures, said => said.Contains("short", StringComparison.Ordinal));
    }

    private static async Task<Frontend> StartAsync(decimal netDelta = 1_600)
    {
        var book = new Book { Now = DateTimeOffset.UtcNow };
        book.Limit("net", 1_000);
        book.Put("Rates", "P1", netDelta);
        book.Deliver(book.AlertOf("Rates"));
        return await Frontend.StartAsync(
            book,
            ("PagerDuty:Receivers:0:Endpoint", EndpointRoute.DefaultEndpoint),
            ("PagerDuty:Receivers:0:Secrets:0", Secret),
            ("PagerDuty:Receivers:0:Secrets:1", NextSecret));
    }

    private static Alert AlertOf(Frontend world) => world.Book.OnlyAlert;

    /// <summary>An event as PagerDuty documents it.</summary>
    private static JsonObject Event(Alert alert, string type, DateTimeOffset at, string agent = "user_reference") => new()
    {
        ["event"] = new JsonObject
        {
            ["id"] = "5ac64822-4adc-4fda-ade0-410becf0de4f",
            ["event_type"] = type,
            ["resource_type"] = "incident",
            ["occurred_at"] = AlertDocument.Time(at),
            ["agent"] = new JsonObject { ["html_url"] = "https://acme.pagerduty.com/users/PLH1HKV", ["id"] = "PLH1HKV", ["summary"] = "Ann Ōta", ["type"] = agent },
            ["client"] = new JsonObject { ["name"] = "PagerDuty" },
            ["data"] = new JsonObject { ["id"] = "PGR0VU2", ["type"] = "incident", ["number"] = 2, ["status"] = "acknowledged", ["incident_key"] = alert.AlertId.ToString("D"), ["title"] = "A breach" },
        },
    };

    private static async Task<string> OutcomeAsync(Frontend world, JsonObject happened)
    {
        var body = Encoding.UTF8.GetBytes(happened.ToJsonString());
        using var response = await PostAsync(world, body, Sign(body, Secret));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (string)(await response.Content.ReadFromJsonAsync<JsonObject>())!["outcome"]!;
    }

    private static async Task<HttpResponseMessage> PostAsync(Frontend world, byte[] body, string? signature, string endpoint = EndpointRoute.DefaultEndpoint)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/pagerduty/{endpoint}") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        if (signature is not null)
        {
            request.Headers.TryAddWithoutValidation("X-PagerDuty-Signature", signature);
        }

        return await world.Client.SendAsync(request);
    }

    private static string Sign(byte[] body, string secret) => $"v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body))}";
}
