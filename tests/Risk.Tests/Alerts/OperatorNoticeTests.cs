using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Tests.Desks;

namespace RiskMonitor.Risk.Tests.Alerts;

/// <summary>The last step of an escalation: the operator is notified that nobody acknowledges.</summary>
public class OperatorNoticeTests
{
    private static readonly DeliveryResult Accepted = new(DeliveryOutcome.Delivered, "200");
    private static readonly AlertPolicy s_policy = AlertPolicy.Default with { OperatorAfter = TimeSpan.FromMinutes(40) };

    private readonly AlertLifecycle _life = new(s_policy, AlertDocument.WebhookBody);
    private TestDesk _desk = new(netLimit: 1_000);
    private DateTimeOffset _now = TestDesk.Start;
    private Alert? _alert;

    [Fact]
    public void Nobody_acknowledges_the_reminders_and_the_operator_is_notified_once()
    {
        Deliver(1_100);
        var noticed = _now;
        _now = noticed + s_policy.AckTimeout;
        Deliver(Apply(_life.Evaluate(_alert!, _now, resumed: false)));
        _now += s_policy.AckTimeout;
        Deliver(Apply(_life.Evaluate(_alert!, _now, resumed: false)));
        // The reminders do not set the time back.
        Assert.Equal(noticed.AddMinutes(40), _alert!.NextAttemptAt);

        _now = noticed.AddMinutes(40);
        var step = Apply(_life.Evaluate(_alert, _now, resumed: false));
        Assert.Equal(["operator_notified"], step.Events.Select(happened => happened.Kind));
        Assert.Equal(_now, _alert.OperatorNotifiedAt);
        Assert.DoesNotContain(Apply(_life.Evaluate(_alert, _now.AddMinutes(10), resumed: true)).Events, happened => happened.Kind == "operator_notified");
    }

    [Fact]
    public void A_message_that_nobody_takes_is_one_that_nobody_acknowledges()
    {
        var post = Breach(1_100);
        for (var attempt = 1; _now < TestDesk.Start.AddMinutes(40); attempt++)
        {
            Apply(_life.Attempted(_alert!, post.Delivery.DeliveryId, attempt, new DeliveryResult(DeliveryOutcome.Failed, "503"), _now, 0.5));
            _now = _alert!.NextAttemptAt!.Value;
            Apply(_life.Evaluate(_alert, _now, resumed: false));
            Apply(_life.Begin(_alert!, post.Delivery.DeliveryId, _now));
        }

        Assert.Equal(AlertStatus.PendingDelivery, _alert!.Status);
        Assert.NotNull(_alert.OperatorNotifiedAt);
    }

    [Fact]
    public void An_acknowledgement_the_end_of_the_breach_and_a_snooze_keep_the_operator_out()
    {
        Deliver(1_100);
        Apply(_life.Acknowledge(_alert!, new AckRequest("ann", null, null, null, null, null), _now).Step);
        Assert.Null(Apply(_life.Evaluate(_alert!, _now.AddHours(2), resumed: false)).Alert.OperatorNotifiedAt);

        (_alert, _now, _desk) = (null, TestDesk.Start, new TestDesk(netLimit: 1_000));
        Deliver(1_200);
        Report(0);
        Assert.Null(Apply(_life.Evaluate(_alert!, _now.AddHours(2), resumed: false)).Alert.OperatorNotifiedAt);

        (_alert, _now, _desk) = (null, TestDesk.Start, new TestDesk(netLimit: 1_000));
        Deliver(1_300);
        Apply(_life.Snooze(_alert!, "ann", "desk head is on it", _now.AddHours(3), _now)!);
        Assert.Null(Apply(_life.Evaluate(_alert!, _now.AddHours(2), resumed: false)).Alert.OperatorNotifiedAt);
        Assert.NotNull(Apply(_life.Evaluate(_alert!, _now.AddHours(3), resumed: false)).Alert.OperatorNotifiedAt);
    }

    [Fact]
    public void A_higher_severity_and_a_breach_that_stays_open_after_its_ack_begin_the_escalation_anew()
    {
        Deliver(1_100);
        Apply(_life.Evaluate(_alert!, _now.AddMinutes(40), resumed: false));
        Assert.NotNull(_alert!.OperatorNotifiedAt);
        _now = _now.AddHours(1);
        Report(1_700);
        Assert.Null(_alert.OperatorNotifiedAt);
        Deliver(Apply(_life.Analysed(_alert, 2, new Analysis("text", "{}", "rules"), _now)));
        Apply(_life.Acknowledge(_alert, new AckRequest("ann", null, null, null, null, null), _now).Step);

        _now += s_policy.RemindOpenAfter;
        Deliver(Apply(_life.Evaluate(_alert, _now, resumed: false)));
        Assert.Equal((NotificationKind.Reminder, _now), (_alert.Notice!.Kind, _alert.NoticedAt!.Value));
        Assert.Null(_alert.OperatorNotifiedAt);
        Assert.NotNull(Apply(_life.Evaluate(_alert, _now.AddMinutes(40), resumed: false)).Alert.OperatorNotifiedAt);
    }

    [Fact]
    public void An_alert_without_an_endpoint_is_not_written_again_for_it()
    {
        Report(1_100);
        var post = Assert.IsType<PostMessage>(Assert.Single(Apply(_life.Analysed(_alert!, 1, new Analysis("text", "{}", "rules"), _now)).Work));
        Apply(_life.WithoutEndpoint(_alert!, post.Delivery.DeliveryId, "none is set", _now));
        Assert.Null(_alert!.NextAttemptAt);
        Assert.False(_life.Evaluate(_alert, _now.AddHours(2), resumed: false).Changed);
    }

    private void Deliver(decimal delta) => Deliver(new AlertStep(_alert!, [], [Breach(delta)]), isBegun: true);

    private void Deliver(AlertStep step, bool isBegun = false)
    {
        var post = Assert.IsType<PostMessage>(Assert.Single(step.Work));
        if (!isBegun)
        {
            Apply(_life.Begin(_alert!, post.Delivery.DeliveryId, _now));
        }

        Apply(_life.Attempted(_alert!, post.Delivery.DeliveryId, 1, Accepted, _now, 0.5));
    }

    private PostMessage Breach(decimal delta)
    {
        Report(delta);
        var post = Assert.IsType<PostMessage>(Assert.Single(Apply(_life.Analysed(_alert!, 1, new Analysis("text", "{}", "rules"), _now)).Work));
        Apply(_life.Begin(_alert!, post.Delivery.DeliveryId, _now));
        return post;
    }

    private void Report(decimal delta) => Apply(_life.OnReport(_alert, Assert.Single(_desk.Put("A", delta)!.Outbox), _now));

    private AlertStep Apply(AlertStep step)
    {
        _alert = step.Alert;
        return step;
    }
}
