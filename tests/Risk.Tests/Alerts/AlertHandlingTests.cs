using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Tests.Desks;

namespace RiskMonitor.Risk.Tests.Alerts;

public class AlertHandlingTests
{
    private static readonly DeliveryResult Accepted = new(DeliveryOutcome.Delivered, "200");

    private readonly AlertLifecycle _life = new(AlertPolicy.Default, AlertDocument.WebhookBody);
    private readonly TestDesk _desk = new(netLimit: 1_000);
    private DateTimeOffset _now = TestDesk.Start;
    private Alert? _alert;

    [Fact]
    public void A_snoozed_alert_is_not_repeated_before_its_end_and_stays_unacknowledged()
    {
        Deliver(1_100);
        var until = _now.AddHours(2);
        var step = Apply(_life.Snooze(_alert!, "ann", "desk head is on it", until, _now)!);
        Assert.Equal(("snoozed", AlertStatus.Delivered, until), (Assert.Single(step.Events).Kind, _alert!.Status, _alert.NextAttemptAt!.Value));
        Assert.Empty(Apply(_life.Evaluate(_alert, _now.AddHours(1), resumed: true)).Work);

        _now = until;
        var reminder = Assert.IsType<PostMessage>(Assert.Single(Apply(_life.Evaluate(_alert, _now, resumed: false)).Work));
        Assert.Equal(NotificationKind.Reminder, reminder.Notification.Kind);
    }

    [Fact]
    public void A_failed_message_waits_for_the_end_of_the_snooze_and_a_higher_severity_ends_it()
    {
        var post = Breach(1_100);
        Apply(_life.Attempted(_alert!, post.Delivery.DeliveryId, 1, new DeliveryResult(DeliveryOutcome.Failed, "503"), _now, 0.5));
        Apply(_life.Snooze(_alert!, "ann", "network change", _now.AddHours(1), _now)!);
        Assert.Equal(_now.AddHours(1), _alert!.NextAttemptAt);

        Report(1_700);
        Assert.Null(_alert.Snooze);
        Assert.NotNull(_life.Analysed(_alert, 2, new Analysis("text", "{}", "rules"), _now).Work.OfType<PostMessage>().SingleOrDefault());
        Assert.Null(_life.Snooze(_alert, "ann", "too early", _now.AddHours(1), _now));
    }

    [Fact]
    public void An_acknowledged_and_snoozed_alert_comes_again_after_both()
    {
        Deliver(1_100);
        Apply(_life.Acknowledge(_alert!, new AckRequest("ann", null, null, null, null, null), _now).Step);
        _now += AlertPolicy.Default.RemindOpenAfter - TimeSpan.FromHours(1);
        Apply(_life.Snooze(_alert!, "ann", "waiver is coming", _now.AddHours(20), _now)!);
        Assert.Equal(_now.AddHours(20), _alert!.NextAttemptAt);
    }

    [Fact]
    public void An_assignment_says_who_deals_with_it_why_and_until_when()
    {
        Deliver(1_100);
        var before = _alert!.NextAttemptAt;
        Apply(_life.Assign(_alert, "ann", "bob", "he runs the book", _now.AddHours(4), _now));
        Assert.Equal(new Assignment("bob", "ann", "he runs the book", _now.AddHours(4), _now), _alert.Assignment);
        Assert.Equal(before, _alert.NextAttemptAt);
    }

    private void Deliver(decimal delta)
    {
        var post = Breach(delta);
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
