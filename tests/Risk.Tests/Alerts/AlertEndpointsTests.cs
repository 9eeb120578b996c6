using System.Text.Json;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Tests.Desks;

namespace RiskMonitor.Risk.Tests.Alerts;

/// <summary>An alert with several endpoints: each is delivered to by itself, and the alert goes by the required ones.</summary>
public class AlertEndpointsTests
{
    private static readonly DeliveryResult Accepted = new(DeliveryOutcome.Delivered, "200 OK", null, 200, "thanks", TimeSpan.FromMilliseconds(12.5));
    private static readonly DeliveryResult Refused = new(DeliveryOutcome.Failed, "503 Service Unavailable: busy", null, 503, "busy", TimeSpan.FromMilliseconds(3));

    private readonly Routes _routes = new(new("pager"), new("mail"), new("chat", Required: false));
    private readonly AlertLifecycle _life;
    private readonly TestDesk _desk = new(netLimit: 1_000);
    private readonly List<AlertEvent> _history = [];
    private DateTimeOffset _now = TestDesk.Start;
    private Alert? _alert;

    public AlertEndpointsTests() => _life = new(AlertPolicy.Default, AlertDocument.WebhookBody, _routes);

    [Fact]
    public void A_message_goes_to_each_endpoint_under_an_id_of_its_own()
    {
        var posts = Breach();

        Assert.Equal(["pager", "mail", "chat"], posts.Select(post => post.Delivery.Endpoint));
        Assert.Equal(3, posts.Select(post => post.Delivery.DeliveryId).Distinct().Count());
        Assert.Equal(_alert!.Notice!.DeliveryId, posts[0].Delivery.DeliveryId);
        Assert.Equal(posts.Select(post => post.Delivery.DeliveryId), _alert.Deliveries.Select(past => past.DeliveryId));
    }

    [Fact]
    public void The_first_required_endpoint_delivers_the_alert_and_the_others_go_on()
    {
        var posts = Breach();
        End(posts[2], Accepted);
        Assert.Equal(AlertStatus.PendingDelivery, _alert!.Status);

        _now = _now.AddSeconds(1);
        End(posts[1], Accepted);
        Assert.Equal((AlertStatus.Delivered, _now), (_alert.Status, _alert.Receipt.DeliveredAt!.Value));

        End(posts[0], Refused);
        Assert.Equal(AlertStatus.Delivered, _alert.Status);
        Assert.Equal((DeliveryState.Pending, 503, "busy", 3), (Of("pager").State, Of("pager").LastStatus, Of("pager").LastAnswer, Of("pager").LatencyMs));
        Assert.Equal(Of("pager").NextAttemptAt, _alert.NextAttemptAt);
        Assert.Contains("pager: 503", _history[^1].Detail);

        _now = Of("pager").NextAttemptAt!.Value;
        var again = Assert.IsType<PostMessage>(Assert.Single(Apply(_life.Evaluate(_alert, _now, resumed: false)).Work));
        Assert.Equal(posts[0].Delivery.DeliveryId, again.Delivery.DeliveryId);
    }

    [Fact]
    public void The_first_ack_stops_every_endpoint_and_proves_the_delivery_that_it_names()
    {
        var posts = Breach();
        End(posts[0], Refused);
        End(posts[1], Refused);
        var (step, answer) = _life.Acknowledge(_alert!, new AckRequest("ann", null, null, null, posts[1].Delivery.DeliveryId, null), _now);
        Apply(step);

        Assert.Equal((AckOutcome.Accepted, AlertStatus.Consumed), (answer.Outcome, _alert!.Status));
        Assert.Equal([DeliveryState.Ended, DeliveryState.Delivered, DeliveryState.Ended], _alert.Notice!.Deliveries.Select(delivery => delivery.State));
        Assert.Empty(Apply(_life.Evaluate(_alert, _now.AddHours(1), resumed: true)).Work);

        // An answer that was under way is recorded, and changes nothing of the alert.
        End(posts[2], Accepted);
        Assert.Equal((AlertStatus.Consumed, DeliveryState.Delivered), (_alert.Status, Of("chat").State));
    }

    [Fact]
    public void The_alert_is_a_dead_letter_when_no_required_endpoint_has_an_attempt_left()
    {
        Breach();
        Exhaust("pager");
        Assert.Equal((AlertStatus.PendingDelivery, DeliveryState.DeadLetter), (_alert!.Status, Of("pager").State));
        Exhaust("mail");
        Assert.Equal(AlertStatus.DeadLetter, _alert.Status);

        // The others still get it.
        End(Begun("chat"), Accepted);
        Assert.Equal((AlertStatus.DeadLetter, DeliveryState.Delivered), (_alert.Status, Of("chat").State));
        Assert.Equal(2, _history.Count(happened => happened.Kind == "dead_letter"));
    }

    [Fact]
    public void A_breach_that_ends_while_nobody_required_has_the_message_is_told_to_all_anew()
    {
        var posts = Breach();
        End(posts[2], Accepted);
        Report(_desk.Put("A", 0));
        Assert.Null(_alert!.CureNotice);

        End(posts[0], Refused);
        var step = End(posts[1], Refused);
        Assert.Equal(["pager", "mail", "chat"], step.Work.OfType<PostMessage>().Select(post => post.Delivery.Endpoint));
        Assert.True(_alert.Notice!.SaysCured);
        Assert.Equal(NotificationKind.Opened, _alert.Notice.Kind);
    }

    [Fact]
    public void A_breach_that_ends_after_its_delivery_is_told_once_to_each_and_what_waits_is_ended()
    {
        var posts = Breach();
        End(posts[1], Accepted);
        End(posts[0], Refused);
        var cured = Report(_desk.Put("A", 0));

        Assert.Equal(["pager", "mail", "chat"], cured.Work.OfType<PostMessage>().Select(post => post.Delivery.Endpoint));
        Assert.Equal(DeliveryState.Ended, Of("pager").State);
        Assert.Equal(DeliveryState.InFlight, Of("chat").State);
        End(posts[2], Refused);
        Assert.Equal(DeliveryState.Ended, Of("chat").State);
        Assert.Equal(NotificationKind.Cured, _alert!.CureNotice!.Kind);
    }

    [Fact]
    public void An_escalation_reaches_the_next_endpoint_when_nobody_acknowledges_and_stops_when_somebody_does()
    {
        _routes.By = _ => [new("chat"), new("pager", After: TimeSpan.FromMinutes(5)), new("boss", After: TimeSpan.FromMinutes(20))];
        var first = Assert.Single(Posts());
        Assert.Equal("chat", first.Delivery.Endpoint);
        Begin(first);
        End(first, Accepted);
        Assert.Equal((AlertStatus.Delivered, _now.AddMinutes(5)), (_alert!.Status, _alert.NextAttemptAt!.Value));

        _now = _now.AddMinutes(5);
        var second = Assert.IsType<PostMessage>(Assert.Single(Apply(_life.Evaluate(_alert, _now, resumed: false)).Work));
        Assert.Equal("pager", second.Delivery.Endpoint);
        Begin(second);
        End(second, Accepted);

        // A reminder does not set the escalation back.
        _now = _now.AddMinutes(10);
        var reminders = Apply(_life.Evaluate(_alert, _now, resumed: false)).Work.OfType<PostMessage>().ToList();
        Assert.Equal(["chat", "pager"], reminders.Select(post => post.Delivery.Endpoint));
        reminders.ForEach(Begin);
        reminders.ForEach(post => End(post, Accepted));
        Assert.Equal(_now.AddMinutes(5), _alert.NextAttemptAt);

        Apply(_life.Acknowledge(_alert, new AckRequest("ann", null, null, null, null, null), _now).Step);
        _now = _now.AddMinutes(5);
        Assert.Empty(Apply(_life.Evaluate(_alert, _now, resumed: false)).Work);
        Assert.Equal(DeliveryState.Ended, Of("boss").State);
        Assert.Equal(0, Of("boss").Attempts);
    }

    [Fact]
    public void An_escalation_goes_on_past_a_dead_endpoint_and_whom_it_did_not_reach_is_not_told_of_the_end()
    {
        _routes.By = _ => [new("chat"), new("pager", Required: false, After: TimeSpan.FromMinutes(1)), new("boss", Required: false, After: TimeSpan.FromHours(20))];
        Begin(Assert.Single(Posts()));
        Exhaust("chat");
        Assert.Equal(AlertStatus.DeadLetter, _alert!.Status);
        var next = Apply(_life.Evaluate(_alert, _now, resumed: false)).Work.OfType<PostMessage>().ToList();
        Assert.Contains(next, post => post.Delivery.Endpoint == "pager");
    }

    [Fact]
    public void The_end_of_a_breach_is_told_to_those_whom_the_escalation_reached()
    {
        _routes.By = _ => [new("chat"), new("boss", After: TimeSpan.FromMinutes(20))];
        var first = Assert.Single(Posts());
        Begin(first);
        End(first, Accepted);
        var cured = Report(_desk.Put("A", 0));
        Assert.Equal("chat", Assert.IsType<PostMessage>(Assert.Single(cured.Work)).Delivery.Endpoint);
        Assert.Equal(DeliveryState.Ended, Of("boss").State);
    }

    [Fact]
    public void An_endpoint_that_takes_no_reminders_gets_none_and_without_any_the_alert_waits()
    {
        var posts = Breach();
        posts.ForEach(post => End(post, Accepted));
        _routes.By = kind => kind == NotificationKind.Reminder ? [new("pager")] : [];
        _now += AlertPolicy.Default.AckTimeout;
        var reminder = Assert.IsType<PostMessage>(Assert.Single(Apply(_life.Evaluate(_alert!, _now, resumed: false)).Work));
        Assert.Equal("pager", reminder.Delivery.Endpoint);
        Begin(reminder);
        End(reminder, Accepted);

        _routes.By = _ => [];
        _now += AlertPolicy.Default.AckTimeout;
        Assert.Empty(Apply(_life.Evaluate(_alert!, _now, resumed: false)).Work);
        Assert.Equal((AlertStatus.Delivered, _now + AlertPolicy.Default.AckTimeout), (_alert!.Status, _alert.NextAttemptAt!.Value));
    }

    [Fact]
    public void A_message_that_no_endpoint_takes_waits_and_goes_to_those_that_take_it_after_the_next_start()
    {
        _routes.By = _ => [];
        var waiting = Assert.Single(Posts());
        Assert.Equal(EndpointRoute.NoEndpoint, waiting.Delivery.Endpoint);
        Apply(_life.WithoutEndpoint(_alert!, waiting.Delivery.DeliveryId, "no endpoint takes it", _now));
        Assert.True(_alert!.WaitsForEndpoint);

        _routes.By = _ => [new("pager"), new("chat", Required: false)];
        var posts = Apply(_life.Evaluate(_alert, _now, resumed: true)).Work.OfType<PostMessage>().ToList();
        Assert.Equal(["pager", "chat"], posts.Select(post => post.Delivery.Endpoint));
        Begin(posts[0]);
        End(posts[0], Accepted);
        Assert.Equal(AlertStatus.Delivered, _alert.Status);
    }

    [Fact]
    public void An_endpoint_of_desk_clearance_gets_a_body_without_drivers_whose_hash_its_ack_may_name()
    {
        _routes.By = _ => [new("pager"), new("chat", Drivers: false)];
        var posts = Breach();
        var message = OutgoingMessage.Of(_alert!, posts[1]);
        var data = JsonDocument.Parse(message.Body).RootElement.GetProperty("data");

        Assert.Equal(JsonValueKind.Null, data.GetProperty("analysis_json").ValueKind);
        Assert.False(data.GetProperty("cause").TryGetProperty("position_id", out _));
        Assert.True(JsonDocument.Parse(OutgoingMessage.Of(_alert!, posts[0]).Body).RootElement.GetProperty("data").GetProperty("cause").TryGetProperty("position_id", out _));
        var sha = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(message.Body)));
        Assert.Equal(AckOutcome.Accepted, _life.Acknowledge(_alert!, new AckRequest("ann", null, null, null, message.DeliveryId, sha), _now).Answer.Outcome);
        Assert.Equal(AckOutcome.Invalid, _life.Acknowledge(_alert!, new AckRequest("ann", null, null, null, posts[0].Delivery.DeliveryId, sha), _now).Answer.Outcome);
    }

    [Fact]
    public void A_long_analysis_does_not_make_a_body_of_20_kilobytes()
    {
        Report(_desk.Put("A", 1_500));
        Apply(_life.Analysed(_alert!, 1, new Analysis(new string('ü', 15_000), $$"""{"drivers":"{{new string('x', 15_000)}}"}""", "llm"), _now));

        var body = _alert!.Notice!.Body;
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(body), 1_000, AlertDocument.MostBodyBytes - 1);
        Assert.Equal("1500.0000", JsonDocument.Parse(body).RootElement.GetProperty("data").GetProperty("metric_value").GetString());
    }

    private List<PostMessage> Breach()
    {
        var posts = Posts();
        posts.ForEach(Begin);
        return posts;
    }

    private List<PostMessage> Posts()
    {
        Report(_desk.Put("A", 1_500));
        return [.. Apply(_life.Analysed(_alert!, 1, new Analysis("text", "{}", "rules"), _now)).Work.OfType<PostMessage>()];
    }

    private EndpointDelivery Of(string endpoint) => _alert!.Notice!.Deliveries.Single(delivery => delivery.Endpoint == endpoint);

    private PostMessage Begun(string endpoint) => new(_alert!.Notice!, Of(endpoint));

    private void Begin(PostMessage post) => Assert.True(Apply(_life.Begin(_alert!, post.Delivery.DeliveryId, _now)).Changed);

    private AlertStep End(PostMessage post, DeliveryResult result) => Apply(_life.Attempted(
        _alert!,
        post.Delivery.DeliveryId,
        _alert!.Messages.SelectMany(message => message.Deliveries).Single(delivery => delivery.DeliveryId == post.Delivery.DeliveryId).Attempts,
        result,
        _now,
        0.5));

    private void Exhaust(string endpoint)
    {
        while (Of(endpoint).IsPending)
        {
            if (!Of(endpoint).InFlight)
            {
                _now = Of(endpoint).NextAttemptAt!.Value;
                Begin(Begun(endpoint));
            }

            End(Begun(endpoint), Refused);
        }
    }

    private AlertStep Report(RiskMonitor.Risk.Journal.JournalRecord? record) => Apply(_life.OnReport(_alert, Assert.Single(record!.Outbox), _now));

    private AlertStep Apply(AlertStep step)
    {
        _alert = step.Alert;
        _history.AddRange(step.Events);
        return step;
    }

    private sealed class Routes(params EndpointRoute[] all) : IAlertRoutes
    {
        public Func<NotificationKind, EndpointRoute[]> By { get; set; } = _ => all;

        public IReadOnlyList<EndpointRoute> For(Alert alert, NotificationKind kind) => By(kind);
    }
}
