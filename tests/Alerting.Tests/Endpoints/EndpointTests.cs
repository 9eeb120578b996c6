using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using RiskMonitor.Alerting.Tests.Webhooks;
using RiskMonitor.Alerting.Webhooks;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Alerting.Tests.Endpoints;

public sealed class EndpointTests
{
    [Fact]
    public async Task An_endpoint_that_never_answers_delays_no_other()
    {
        var end = new TaskCompletionSource();
        await using var dead = await Receiver.StartAsync(_ => end.Task);
        await using var alive = await Receiver.StartAsync(200);
        await using var endpoints = new TestEndpoints(
        [
            .. TestEndpoints.Webhook(0, "dead", dead.Url, ("MaxConcurrency", "1")),
            .. TestEndpoints.Webhook(1, "alive", alive.Url),
        ]);

        var stuck = endpoints.SendAsync("dead");
        await Eventually.IsTrueAsync("it was posted", () => dead.Messages.Count == 1);
        Assert.Null(endpoints.Sender.TryAcquirePermit("dead"));
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(DeliveryOutcome.Delivered, (await endpoints.SendAsync("alive", $"dlv_{i}")).Outcome);
        }

        end.SetResult();
        Assert.Equal(DeliveryOutcome.Delivered, (await stuck).Outcome);
    }

    [Fact]
    public async Task Each_endpoint_has_its_own_secret_and_headers()
    {
        var secret = StandardWebhook.NewSecret();
        string? key = null;
        await using var first = await Receiver.StartAsync(context =>
        {
            key = context.Request.Headers["x-api-key"];
            context.Response.StatusCode = 500;
            return context.Response.WriteAsync($"what is {key}?");
        });
        await using var second = await Receiver.StartAsync(200);
        await using var endpoints = new TestEndpoints(
        [
            .. TestEndpoints.Webhook(0, "first", first.Url, ("Headers:X-Api-Key", "geheim-geheim")),
            .. TestEndpoints.Webhook(1, "second", second.Url, ("Secret", secret), ("PreviousSecret", Sender.Secret)),
        ]);

        var refused = await endpoints.SendAsync("first");
        await endpoints.SendAsync("second");

        Assert.Equal("geheim-geheim", key);
        Assert.Equal((500, "what is ***?"), (refused.Status, refused.Answer));
        Assert.DoesNotContain("geheim", refused.Detail, StringComparison.Ordinal);
        var message = Assert.Single(second.Messages);
        Assert.Null(StandardWebhook.Verify(message.Id, message.Timestamp, message.Signature, message.Body, secret, Sender.Noon));
        Assert.Null(StandardWebhook.Verify(message.Id, message.Timestamp, message.Signature, message.Body, Sender.Secret, Sender.Noon));
        Assert.NotNull(StandardWebhook.Verify(first.Messages.Single().Id, message.Timestamp, first.Messages.Single().Signature, message.Body, secret, Sender.Noon));
    }

    [Fact]
    public async Task One_that_is_switched_off_is_not_chosen_and_keeps_what_waits_for_it()
    {
        await using var receiver = await Receiver.StartAsync(200);
        await using var endpoints = new TestEndpoints(
        [
            .. TestEndpoints.Webhook(0, "off", receiver.Url, ("Enabled", "false")), .. TestEndpoints.Webhook(1, "on", receiver.Url),
        ]);

        Assert.Equal(["on"], endpoints.Routes.For(Breaches.Alert("FX", 1_600), NotificationKind.Opened).Select(route => route.Endpoint));
        var waiting = await endpoints.SendAsync("off");
        Assert.Equal(DeliveryOutcome.NoEndpoint, waiting.Outcome);
        Assert.Contains("switched off", waiting.Detail, StringComparison.Ordinal);
        Assert.Empty(receiver.Messages);
    }

    [Fact]
    public async Task One_that_is_gone_leaves_the_others()
    {
        await using var gone = await Receiver.StartAsync(410);
        await using var alive = await Receiver.StartAsync(200);
        await using var endpoints = new TestEndpoints([.. TestEndpoints.Webhook(0, "gone", gone.Url), .. TestEndpoints.Webhook(1, "alive", alive.Url)]);

        Assert.Equal(DeliveryOutcome.Gone, (await endpoints.SendAsync("gone")).Outcome);
        Assert.Equal(DeliveryOutcome.NoEndpoint, (await endpoints.SendAsync("gone")).Outcome);
        Assert.Equal(DeliveryOutcome.Delivered, (await endpoints.SendAsync("alive")).Outcome);
        Assert.Equal(DeliveryOutcome.NoEndpoint, (await endpoints.SendAsync("removed")).Outcome);
    }

    [Fact]
    public async Task No_more_messages_begin_in_a_minute_than_allowed()
    {
        await using var receiver = await Receiver.StartAsync(200);
        await using var endpoints = new TestEndpoints(TestEndpoints.Webhook(0, "slow", receiver.Url, ("MaxPerMinute", "6"), ("MaxConcurrency", "2")));

        await endpoints.SendAsync("slow", "dlv_1");
        await endpoints.SendAsync("slow", "dlv_2");
        Assert.Null(endpoints.Sender.TryAcquirePermit("slow"));
        var third = endpoints.SendAsync("slow", "dlv_3");
        endpoints.Time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(2, receiver.Messages.Count);
        endpoints.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(DeliveryOutcome.Delivered, (await third).Outcome);
        Assert.Equal(3, receiver.Messages.Count);
    }

    [Fact]
    public async Task A_receiver_that_accepts_and_never_ends_its_answer_has_accepted()
    {
        await using var receiver = await Receiver.StartAsync(async context =>
        {
            await context.Response.WriteAsync("ok so far");
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        await using var endpoints = new TestEndpoints(TestEndpoints.Webhook(0, "endless", receiver.Url));

        var sending = endpoints.SendAsync("endless");
        await Eventually.IsTrueAsync("the answer is not waited for", () =>
        {
            endpoints.Time.Advance(TimeSpan.FromMilliseconds(50));
            return sending.IsCompleted;
        });
        Assert.Equal((DeliveryOutcome.Delivered, 200), ((await sending).Outcome, (await sending).Status));
    }

    [Fact]
    public async Task Messages_go_to_the_endpoints_that_take_their_desk_severity_and_type()
    {
        await using var endpoints = new TestEndpoints(
        [
            ("Webhook:Url", "https://risk.example/all"),
            ("Webhook:Secret", Sender.Secret),
            .. TestEndpoints.Webhook(0, "desk", "https://risk.example/desk", ("Desks:0", "Rates"), ("Required", "false")),
            .. TestEndpoints.Webhook(1, "other", "https://risk.example/other", ("Desks:0", "rates"), ("Desks:1", "FX")),
            .. TestEndpoints.Webhook(2, "critical", "https://risk.example/critical", ("Severities:0", "critical"), ("Clearance", "desk")),
            .. TestEndpoints.Webhook(3, "cures", "https://risk.example/cures", ("Types:0", "cured"), ("Types:1", "risk.alert.reminder")),
        ]);
        var alert = Breaches.Alert("Rates", 1_600);

        Assert.Equal(
            [new EndpointRoute("webhook"), new EndpointRoute("desk", Required: false), new EndpointRoute("critical", Drivers: false)],
            endpoints.Routes.For(alert, NotificationKind.Opened));
        Assert.Equal(["webhook", "desk", "critical", "cures"], endpoints.Routes.For(alert, NotificationKind.Cured).Select(route => route.Endpoint));
        Assert.Equal(["webhook", "desk"], endpoints.Routes.For(Breaches.Alert("Rates", 1_100), NotificationKind.Opened).Select(route => route.Endpoint));
    }

    [Theory]
    [InlineData("Name", "", "Alerting:Endpoints:0:Name is ''")]
    [InlineData("Name", "webhook", "Alerting:Endpoints:0:Name is 'webhook'")]
    [InlineData("Name", "two words", "Alerting:Endpoints:0:Name is 'two words'")]
    [InlineData("Kind", "pigeon", "Alerting:Endpoints:0:Kind is 'pigeon'")]
    [InlineData("Url", null, "Alerting:Endpoints:0:Url is not set")]
    [InlineData("Url", "ftp://risk.example", "Alerting:Endpoints:0:Url is 'ftp://risk.example'")]
    [InlineData("Secret", "hush", "Alerting:Endpoints:0:Secret is not a webhook secret")]
    [InlineData("Timeout", "00:00:00", "Alerting:Endpoints:0:Timeout is 00:00:00")]
    [InlineData("Timeout", "00:01:00", "longer than twice Alerting:Endpoints:0:Timeout, which is 00:01:00")]
    [InlineData("MaxConcurrency", "0", "Alerting:Endpoints:0:MaxConcurrency is 0")]
    [InlineData("MaxPerMinute", "0", "Alerting:Endpoints:0:MaxPerMinute is 0")]
    [InlineData("After", "1.00:00:00", "Alerting:Endpoints:0:After is 1.00:00:00")]
    [InlineData("Desks:0", " ", "Alerting:Endpoints:0:Desks:0 is blank")]
    [InlineData("Severities:0", "HIGH", "Alerting:Endpoints:0:Severities:0 is 'HIGH'; set it to INFO, WARNING, CRITICAL")]
    [InlineData("Types:0", "closed", "Alerting:Endpoints:0:Types:0 is 'closed'; set it to opened, escalated, reminder, cured")]
    [InlineData("Clearance", "all", "Alerting:Endpoints:0:Clearance is 'all'")]
    [InlineData("Headers:webhook-id", "x", "Alerting:Endpoints:0:Headers:webhook-id is no header that can be added")]
    [InlineData("Headers:X-Key", "geheim\r\nHost: evil", "Alerting:Endpoints:0:Headers:X-Key is no header that can be added")]
    public void A_wrong_setting_of_an_endpoint_stops_the_start_and_says_what_to_change(string key, string? value, string problem)
    {
        var settings = TestEndpoints.Webhook(0, "ops", "https://risk.example/hook").Where(setting => setting.Key != $"Alerting:Endpoints:0:{key}")
            .Append(($"Alerting:Endpoints:0:{key}", value)).ToArray();
        var failure = Assert.Throws<OptionsValidationException>(() => new TestEndpoints(settings).Routes);

        Assert.Contains(failure.Failures, found => found.Contains(problem, StringComparison.Ordinal));
        Assert.DoesNotContain("geheim", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_endpoints_of_one_name_stop_the_start() => Assert.Contains(
        "Alerting:Endpoints:1:Name is 'ops'",
        Assert.Throws<OptionsValidationException>(() => new TestEndpoints(
            [.. TestEndpoints.Webhook(0, "ops", "https://risk.example/a"), .. TestEndpoints.Webhook(1, "ops", "https://risk.example/b")]).Routes).Message,
        StringComparison.Ordinal);
}
