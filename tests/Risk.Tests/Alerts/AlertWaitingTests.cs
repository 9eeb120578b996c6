using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Tests.Desks;

namespace RiskMonitor.Risk.Tests.Alerts;

/// <summary>What is an attempt and what is not, what is counted once, and what an alert's history must hold whatever the order of things.</summary>
public class AlertWaitingTests
{
    private static readonly AckRequest PlainAck = new("rm-1", null, null, null, null, null);
    private static readonly DeliveryResult Refused = new(DeliveryOutcome.Failed, "503");
    private static readonly DeliveryResult Accepted = new(DeliveryOutcome.Delivered, "200");

    private readonly AlertLifecycle _life = new(AlertPolicy.Default, AlertDocument.WebhookBody);
    private readonly TestDesk _desk = new(netLimit: 1_000);
    private readonly List<AlertEvent> _history = [];
    private DateTimeOffset _now = TestDesk.Start;
    private Alert? _alert;

    [Fact]
    public void Waiting_for_a_turn_is_no_attempt_however_long_it_takes()
    {
        var waiting = Analysed();
        for (var i = 0; i < 100; i++)
        {
            _now = _now.AddMinutes(1);
            var step = _life.Evaluate(_alert!, _now, resumed: false);
            Assert.False(step.Changed);
            Assert.Equal(waiting, Assert.IsType<PostMessage>(Assert.Single(step.Work)).Notification.DeliveryId);
        }

        Assert.Equal((0, null), (_alert!.Notice!.Attempts, _alert.Receipt.FirstAttemptAt));
        Apply(_life.Begin(_alert, waiting, _now));
        Assert.Equal((1, _now), (_alert.Notice!.Attempts, _alert.Receipt.FirstAttemptAt));
        Apply(_life.Attempted(_alert, waiting, 1, Refused, _now, 0.5));
        Assert.Equal(_now + AlertPolicy.Default.RetryDelays[0], _alert.NextAttemptAt);
    }

    [Fact]
    public void Without_an_endpoint_an_alert_waits_unwritten_says_why_and_is_taken_up_at_the_next_start()
    {
        var delivery = Analysed();
        Apply(_life.WithoutEndpoint(_alert!, delivery, "Webhook:Url is not set", _now));
        Assert.Equal((AlertStatus.PendingDelivery, 0, "Webhook:Url is not set", null), (_alert!.Status, _alert.Notice!.Attempts, _alert.Notice.LastError, _alert.NextAttemptAt));
        Assert.True(_alert.WaitsForEndpoint);

        var later = _life.Evaluate(_alert, _now.AddDays(400), resumed: false);
        Assert.False(later.Changed);
        Assert.Empty(later.Work);

        var start = _life.Evaluate(_alert, _now.AddDays(400), resumed: true);
        Assert.False(start.Changed);
        Assert.Equal(delivery, Assert.IsType<PostMessage>(Assert.Single(start.Work)).Notification.DeliveryId);
        Assert.False(_life.WithoutEndpoint(_alert, delivery, "Webhook:Url is not set", _now.AddDays(400)).Changed);
        Assert.Equal(1, Apply(_life.Begin(_alert, delivery, _now)).Alert.Notice!.Attempts);
    }

    [Fact]
    public void An_endpoint_that_is_gone_was_asked_once_and_costs_no_step_of_the_ladder()
    {
        var delivery = Analysed();
        Apply(_life.Begin(_alert!, delivery, _now));
        Apply(_life.Attempted(_alert!, delivery, 1, new DeliveryResult(DeliveryOutcome.Gone, "410 Gone"), _now, 0.5));
        Assert.Equal((AlertStatus.PendingDelivery, 1, null), (_alert!.Status, _alert.Notice!.Attempts, _alert.NextAttemptAt));
        Assert.True(_alert.WaitsForEndpoint);
        Assert.Equal("attempt_failed", _history[^1].Kind);
    }

    [Fact]
    public void An_attempt_that_was_taken_for_lost_and_posted_twice_fails_once()
    {
        var delivery = Analysed();
        Apply(_life.Begin(_alert!, delivery, _now));
        _now += AlertPolicy.Default.AttemptLease;
        Assert.Single(_life.Evaluate(_alert!, _now, resumed: false).Work);
        Apply(_life.Begin(_alert!, delivery, _now));
        Assert.Equal(1, _alert!.Notice!.Attempts);

        Apply(_life.Attempted(_alert, delivery, 1, Refused, _now, 0.5));
        Assert.False(_life.Attempted(_alert, delivery, 1, Refused, _now.AddSeconds(10), 0.5).Changed);
        Assert.Single(_history, happened => happened.Kind == "attempt_failed");
        Assert.Equal(_now + AlertPolicy.Default.RetryDelays[0], _alert.NextAttemptAt);
    }

    [Fact]
    public void A_hundred_starts_in_a_row_are_one_attempt()
    {
        var delivery = Analysed();
        Apply(_life.Begin(_alert!, delivery, _now));
        for (var i = 0; i < 100; i++)
        {
            Assert.Single(_life.Evaluate(_alert!, _now, resumed: true).Work);
            Apply(_life.Begin(_alert!, delivery, _now));
        }

        Assert.Equal(1, _alert!.Notice!.Attempts);
        Apply(_life.Attempted(_alert, delivery, 1, Refused, _now, 0.5));
        Assert.Equal(_now + AlertPolicy.Default.RetryDelays[0], _alert.NextAttemptAt);
    }

    [Fact]
    public void A_lease_from_a_clock_that_has_gone_back_since_is_over()
    {
        var delivery = Analysed();
        Apply(_life.Begin(_alert!, delivery, _now.AddYears(10)));
        Assert.Single(_life.Evaluate(_alert!, _now, resumed: false).Work);
    }

    [Fact]
    public void A_wait_from_a_clock_that_has_gone_back_since_is_over()
    {
        var delivery = Analysed();
        Apply(_life.Begin(_alert!, delivery, _now));
        Apply(_life.Attempted(_alert!, delivery, 1, Refused, _now.AddYears(10), 0.5));
        Assert.Single(_life.Evaluate(_alert!, _now, resumed: false).Work);
    }

    [Fact]
    public void The_first_ack_is_valid_and_a_repeat_by_any_caller_is_answered_with_who_made_it()
    {
        var delivery = Analysed();
        Apply(_life.Begin(_alert!, delivery, _now));
        Apply(_life.Attempted(_alert!, delivery, 1, Accepted, _now, 0.5));
        var firstAt = _now;
        Ack(PlainAck with { OnBehalfOf = "Ann" });
        _now = _now.AddMinutes(5);
        var repeated = Ack(PlainAck with { By = "rm-2", OnBehalfOf = "Bob" });
        Assert.Equal((AckOutcome.Repeated, "rm-1", "Ann", firstAt), (repeated.Outcome, repeated.By, repeated.OnBehalfOf, repeated.ConsumedAt));
        Assert.Equal("rm-1", _alert!.Acknowledgement!.By);
        Assert.Single(_history, happened => happened.Kind == "acknowledged");
    }

    [Fact]
    public void An_ack_of_what_was_never_posted_claims_no_delivery()
    {
        Analysed();
        Ack(PlainAck);
        Assert.Equal((AlertStatus.Consumed, null, null), (_alert!.Status, _alert.Notice!.DeliveredAt, _alert.Receipt.DeliveredAt));
        Assert.Empty(_life.Evaluate(_alert, _now, resumed: true).Work);

        // It was read all the same, so that its end is news.
        var cured = Apply(_life.OnReport(_alert, _desk.Put("A", 0)!.Outbox[0], _now));
        Assert.Equal(NotificationKind.Cured, Assert.IsType<PostMessage>(Assert.Single(cured.Work)).Notification.Kind);
    }

    [Fact]
    public void A_cure_that_overtakes_the_opening_and_the_escalation_leaves_a_history_with_all_three()
    {
        _desk.Put("A", 1_100);
        _desk.Put("A", 1_600);
        var cured = _desk.Put("A", 0)!.Outbox[0];
        Apply(_life.OnReport(null, cured, _now));
        Assert.Equal(["opened", "escalated", "cured"], _history.Take(3).Select(happened => happened.Kind));
        Assert.Equal([1, cured.Episode.Revision], _history.Take(2).Select(happened => happened.Revision));
    }

    [Fact]
    public void An_escalation_that_overtakes_another_leaves_a_history_with_both()
    {
        var opened = _desk.Put("A", 1_100)!.Outbox[0];
        _desk.Put("A", 1_300);
        var critical = _desk.Put("A", 1_600)!.Outbox[0];
        Apply(_life.OnReport(null, opened, _now));
        Apply(_life.OnReport(_alert, critical, _now));
        Assert.Equal([1, 2, 3], _history.Where(happened => happened.Kind is "opened" or "escalated").Select(happened => happened.Revision));
    }

    [Fact]
    public void A_cure_message_that_is_exhausted_is_not_sent_again_by_an_ack()
    {
        var delivery = Analysed();
        Apply(_life.Begin(_alert!, delivery, _now));
        Apply(_life.Attempted(_alert!, delivery, 1, Accepted, _now, 0.5));
        var step = Apply(_life.OnReport(_alert, _desk.Put("A", 0)!.Outbox[0], _now));
        while (step.Work.OfType<PostMessage>().FirstOrDefault() is { } post)
        {
            Apply(_life.Begin(_alert!, post.Notification.DeliveryId, _now));
            Apply(_life.Attempted(_alert!, post.Notification.DeliveryId, _alert!.CureNotice!.Attempts, Refused, _now, 0.5));
            _now = _alert!.NextAttemptAt ?? _now;
            step = Apply(_life.Evaluate(_alert, _now, resumed: false));
        }

        Assert.Equal(AlertStatus.Delivered, _alert!.Status);
        Assert.Equal(13, _alert.CureNotice!.Attempts);
        var deliveries = _alert.DeliveryCount;
        Assert.Equal(AckOutcome.Accepted, Ack(PlainAck).Outcome);
        Assert.Equal(deliveries, _alert.DeliveryCount);
        Assert.Empty(_life.Evaluate(_alert, _now.AddYears(1), resumed: true).Work);
    }

    [Fact]
    public void A_last_attempt_that_a_cure_overtakes_is_no_dead_letter()
    {
        var delivery = Analysed();
        for (var attempt = 1; attempt <= 12; attempt++)
        {
            Apply(_life.Begin(_alert!, delivery, _now));
            Apply(_life.Attempted(_alert!, delivery, attempt, Refused, _now, 0.5));
            _now = _alert!.NextAttemptAt!.Value;
        }

        Apply(_life.Begin(_alert!, delivery, _now));
        Apply(_life.OnReport(_alert, _desk.Put("A", 0)!.Outbox[0], _now));
        Apply(_life.Attempted(_alert!, delivery, 13, Refused, _now, 0.5));
        Assert.Equal(AlertStatus.PendingDelivery, _alert!.Status);
        Assert.DoesNotContain(_history, happened => happened.Kind == "dead_letter");
    }

    [Fact]
    public void A_dead_letter_whose_breach_ends_keeps_its_attempts_and_its_last_error()
    {
        var delivery = Analysed();
        for (var attempt = 1; attempt <= 13; attempt++)
        {
            Apply(_life.Begin(_alert!, delivery, _now));
            Apply(_life.Attempted(_alert!, delivery, attempt, Refused, _now, 0.5));
            _now = _alert!.NextAttemptAt ?? _now;
        }

        Assert.Equal(AlertStatus.DeadLetter, _alert!.Status);
        Assert.Empty(Apply(_life.OnReport(_alert, _desk.Put("A", 0)!.Outbox[0], _now)).Work);
        Assert.Equal((AlertStatus.DeadLetter, 13, "503"), (_alert!.Status, _alert.Notice!.Attempts, _alert.Notice.LastError));
        Ack(PlainAck);
        Assert.Null(_alert.CureNotice);
    }

    /// <returns>The delivery id of the message that waits.</returns>
    private string Analysed()
    {
        Apply(_life.OnReport(_alert, _desk.Put("A", 1_100)!.Outbox[0], _now));
        var step = Apply(_life.Analysed(_alert!, 1, new Analysis("text", "{}", "rules"), _now));
        return Assert.IsType<PostMessage>(Assert.Single(step.Work)).Notification.DeliveryId;
    }

    private AckAnswer Ack(AckRequest request)
    {
        var (step, answer) = _life.Acknowledge(_alert!, request, _now);
        Apply(step);
        return answer;
    }

    private AlertStep Apply(AlertStep step)
    {
        _alert = step.Alert;
        _history.AddRange(step.Events);
        return step;
    }
}
