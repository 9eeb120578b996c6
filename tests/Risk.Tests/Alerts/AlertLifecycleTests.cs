using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Positions;
using RiskMonitor.Risk.Tests.Desks;

namespace RiskMonitor.Risk.Tests.Alerts;

public class AlertLifecycleTests
{
    private static readonly AckRequest PlainAck = new("rm-1", null, null, null, null, null);

    private readonly AlertPolicy _policy = AlertPolicy.Default;
    private readonly AlertLifecycle _life = new(AlertPolicy.Default, AlertDocument.WebhookBody);
    private readonly TestDesk _desk = new(netLimit: 1_000);
    private DateTimeOffset _now = TestDesk.Start;
    private Alert? _alert;

    [Fact]
    public void A_breach_is_analysed_delivered_and_consumed_by_its_ack()
    {
        var born = Report(_desk.Put("A", 1_500));
        Assert.Equal(AlertStatus.PendingAnalysis, _alert!.Status);
        Assert.Equal(1, Assert.IsType<AnalyseBreach>(Assert.Single(born.Work)).Revision);

        var post = Analyse();
        Assert.Equal((AlertStatus.PendingDelivery, NotificationKind.Opened, 1), (_alert.Status, post.Kind, post.Attempts));

        Deliver(post);
        Assert.Equal(AlertStatus.Delivered, _alert.Status);

        var answer = Ack(PlainAck);
        Assert.Equal((AckOutcome.Accepted, AlertStatus.Consumed), (answer.Outcome, _alert.Status));
        Assert.Equal((_now, "rm-1"), (_alert.Acknowledgement!.At, _alert.Acknowledgement.By));
        Assert.Equal(AckOutcome.Repeated, Ack(PlainAck).Outcome);
    }

    [Fact]
    public void A_report_that_comes_late_or_twice_changes_nothing()
    {
        var opened = _desk.Put("A", 1_500)!.Outbox[0];
        var cured = _desk.Put("A", 0)!.Outbox[0];
        Apply(_life.OnReport(null, cured, _now));
        Assert.False(_life.OnReport(_alert, opened, _now).Changed);
        Assert.False(_life.OnReport(_alert, cured, _now).Changed);
        Assert.False(_alert!.Episode.IsOpen);
    }

    [Fact]
    public void Failed_attempts_wait_longer_each_time_with_the_same_id_and_body_and_end_as_a_dead_letter()
    {
        Report(_desk.Put("A", 1_500));
        var post = Analyse();
        var (id, body) = (post.DeliveryId, post.Body);
        var waits = new List<TimeSpan>();
        while (_alert!.Status == AlertStatus.PendingDelivery)
        {
            Apply(_life.Attempted(_alert, post.DeliveryId, post.Attempts, new DeliveryResult(DeliveryOutcome.Failed, "503"), _now, 0.5));
            if (_alert.NextAttemptAt is not { } next)
            {
                break;
            }

            waits.Add(next - _now);
            Assert.False(_life.Evaluate(_alert, next.AddMilliseconds(-1), resumed: false).Changed);
            _now = next;
            post = PostOf(Apply(_life.Evaluate(_alert, _now, resumed: false)));
            Assert.Equal((id, body), (post.DeliveryId, post.Body));
        }

        Assert.Equal(_policy.RetryDelays, waits);
        Assert.Equal((AlertStatus.DeadLetter, 13), (_alert.Status, _alert.Notice!.Attempts));

        var again = PostOf(Apply(_life.Replay(_alert, "operator", _now)!));
        Assert.NotEqual(id, again.DeliveryId);
    }

    [Theory]
    [InlineData(0.0, 0.4)]
    [InlineData(1.0, 0.6)]
    public void Waits_are_jittered_by_a_fifth(double draw, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), AlertPolicy.Default.DelayAfter(1, draw));

    [Fact]
    public void A_receiver_that_asks_for_more_time_gets_it()
    {
        Report(_desk.Put("A", 1_500));
        var post = Analyse();
        Apply(_life.Attempted(_alert!, post.DeliveryId, 1, new DeliveryResult(DeliveryOutcome.Failed, "429", TimeSpan.FromSeconds(90)), _now, 0.5));
        Assert.Equal(_now.AddSeconds(90), _alert!.NextAttemptAt);
    }

    [Fact]
    public void Work_that_was_lost_with_its_worker_is_begun_again()
    {
        Report(_desk.Put("A", 1_500));
        Assert.IsType<AnalyseBreach>(Assert.Single(Apply(_life.Evaluate(_alert!, _now, resumed: true)).Work));
        var post = Analyse();
        var again = PostOf(Apply(_life.Evaluate(_alert!, _now, resumed: true)));
        Assert.Equal((post.DeliveryId, 1), (again.DeliveryId, again.Attempts));
    }

    [Fact]
    public void Work_under_way_is_not_begun_twice_until_its_lease_runs_out()
    {
        Report(_desk.Put("A", 1_500));
        Assert.False(_life.Evaluate(_alert!, _now, resumed: false).Changed);
        Assert.Single(_life.Evaluate(_alert!, _now + _policy.AnalysisLease, resumed: false).Work);
        Analyse();
        Assert.False(_life.Evaluate(_alert!, _now, resumed: false).Changed);
        Assert.Single(_life.Evaluate(_alert!, _now + _policy.AttemptLease, resumed: false).Work);
    }

    [Fact]
    public void An_ack_from_inside_the_handler_consumes_the_alert_and_the_handlers_answer_is_dropped()
    {
        Report(_desk.Put("A", 1_500));
        var post = Analyse();
        Assert.Equal(AckOutcome.Accepted, Ack(PlainAck with { DeliveryId = post.DeliveryId }).Outcome);
        Assert.False(_life.Attempted(_alert!, post.DeliveryId, 1, new DeliveryResult(DeliveryOutcome.Delivered, "200"), _now, 0.5).Changed);
        Assert.Equal(AlertStatus.Consumed, _alert!.Status);
    }

    [Fact]
    public void Without_an_ack_a_delivered_alert_is_delivered_again_under_a_new_id()
    {
        Report(_desk.Put("A", 1_500));
        var first = Analyse();
        Deliver(first);
        _now += _policy.AckTimeout;
        var reminder = PostOf(Apply(_life.Evaluate(_alert!, _now, resumed: false)));
        Assert.Equal(NotificationKind.Reminder, reminder.Kind);
        Assert.NotEqual(first.DeliveryId, reminder.DeliveryId);
        Assert.Equal(AckOutcome.Accepted, Ack(PlainAck with { DeliveryId = first.DeliveryId }).Outcome);
    }

    [Fact]
    public void An_acknowledged_alert_whose_breach_stays_open_comes_back_after_a_day()
    {
        Report(_desk.Put("A", 1_500));
        Deliver(Analyse());
        Ack(PlainAck);
        Assert.Equal(_now + _policy.RemindOpenAfter, _alert!.NextAttemptAt);
        _now += _policy.RemindOpenAfter;
        Assert.Equal(NotificationKind.Reminder, PostOf(Apply(_life.Evaluate(_alert, _now, resumed: false))).Kind);
        Assert.Equal(AlertStatus.PendingDelivery, _alert.Status);
    }

    [Fact]
    public void An_escalation_needs_an_ack_of_its_own()
    {
        Report(_desk.Put("A", 1_100));
        var first = Analyse();
        Deliver(first);
        Ack(PlainAck);
        Report(_desk.Put("A", 1_600));
        Assert.Equal((AlertStatus.PendingAnalysis, 2), (_alert!.Status, _alert.Revision));
        Assert.Equal(AckOutcome.Conflict, Ack(PlainAck).Outcome);

        var second = Analyse();
        Assert.Equal(NotificationKind.Escalated, second.Kind);
        var stale = Ack(PlainAck with { DeliveryId = first.DeliveryId });
        Assert.Equal((AckOutcome.Conflict, second.DeliveryId), (stale.Outcome, stale.CurrentDeliveryId));
        Assert.Equal(AckOutcome.Accepted, Ack(PlainAck with { DeliveryId = second.DeliveryId }).Outcome);
    }

    [Fact]
    public void An_escalation_ends_the_retries_of_the_older_revision()
    {
        Report(_desk.Put("A", 1_100));
        var first = Analyse();
        Report(_desk.Put("A", 1_600));
        Assert.False(_life.Attempted(_alert!, first.DeliveryId, 1, new DeliveryResult(DeliveryOutcome.Delivered, "200"), _now, 0.5).Changed);
        Assert.False(_life.Analysed(_alert!, 1, new Analysis("old", "{}", "rules"), _now).Changed);
    }

    [Fact]
    public void A_cure_ends_the_reminders_and_is_delivered_once_without_needing_an_ack()
    {
        Report(_desk.Put("A", 1_500));
        Deliver(Analyse());
        var cured = PostOf(Report(_desk.Put("A", 0)));
        Assert.Equal(NotificationKind.Cured, cured.Kind);
        Deliver(cured);
        Assert.Equal((AlertStatus.Delivered, (DateTimeOffset?)null), (_alert!.Status, _alert.NextAttemptAt));
        Assert.Equal(AckOutcome.Accepted, Ack(PlainAck).Outcome);
        Assert.Empty(Apply(_life.Evaluate(_alert, _now.AddYears(1), resumed: true)).Work);
    }

    [Fact]
    public void An_alert_cured_before_its_delivery_is_delivered_saying_so()
    {
        Report(_desk.Put("A", 1_500));
        Report(_desk.Put("A", 0));
        var post = Analyse();
        Assert.Contains("\"breach_state\":\"cured\"", post.Body);
        Assert.Equal(NotificationKind.Opened, post.Kind);
        Assert.Empty(Deliver(post).Work);
        Assert.Null(_alert!.CureNotice);
    }

    [Fact]
    public void A_cure_during_an_attempt_is_delivered_after_the_alert()
    {
        Report(_desk.Put("A", 1_500));
        var post = Analyse();
        Assert.Empty(Report(_desk.Put("A", 0)).Work);
        Assert.Equal(NotificationKind.Cured, PostOf(Deliver(post)).Kind);
    }

    [Fact]
    public void A_message_that_waits_for_its_retry_when_the_breach_ends_goes_out_saying_so()
    {
        Report(_desk.Put("A", 1_500));
        var open = Analyse();
        Fail(open);
        var cured = PostOf(Report(_desk.Put("A", 0)));
        Assert.Equal((NotificationKind.Opened, 1), (cured.Kind, cured.Attempts));
        Assert.NotEqual(open.DeliveryId, cured.DeliveryId);
        Assert.Contains("\"breach_state\":\"cured\"", cured.Body);
    }

    [Fact]
    public void A_message_that_fails_after_the_breach_ended_is_replaced_by_one_that_says_so()
    {
        Report(_desk.Put("A", 1_500));
        var open = Analyse();
        Report(_desk.Put("A", 0));
        Assert.Contains("\"breach_state\":\"cured\"", PostOf(Fail(open)).Body);
    }

    [Fact]
    public void A_cure_replaces_a_reminder_that_was_not_delivered()
    {
        Report(_desk.Put("A", 1_500));
        Deliver(Analyse());
        _now += _policy.AckTimeout;
        Fail(PostOf(Apply(_life.Evaluate(_alert!, _now, resumed: false))));
        Assert.Equal(NotificationKind.Cured, PostOf(Report(_desk.Put("A", 0))).Kind);
        Assert.Equal(AlertStatus.Delivered, _alert!.Status);
    }

    [Fact]
    public void The_first_message_of_an_alert_says_opened_also_after_an_escalation()
    {
        Report(_desk.Put("A", 1_100));
        Report(_desk.Put("A", 1_600));
        Assert.Equal((NotificationKind.Opened, 2), (Analyse().Kind, _alert!.Revision));
    }

    [Fact]
    public void An_ack_may_hash_the_body_of_the_delivery_that_it_names()
    {
        Report(_desk.Put("A", 1_500));
        var first = Analyse();
        Deliver(first);
        _now += _policy.AckTimeout;
        Deliver(PostOf(Apply(_life.Evaluate(_alert!, _now, resumed: false))));
        var sha = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(first.Body)));
        Assert.Equal(AckOutcome.Accepted, Ack(PlainAck with { DeliveryId = first.DeliveryId, PayloadSha256 = sha }).Outcome);
    }

    [Fact]
    public void A_transient_alert_is_kept_and_not_delivered()
    {
        var record = _desk.Change(
            new PositionChange(_desk.NextDelivery(), "A", TestDesk.Row("A", 5_000), null, "gtid-1", null),
            new PositionChange(_desk.NextDelivery(), "A", TestDesk.Row("A", 5), null, "gtid-1", null))!;
        Report(record);
        var step = Apply(_life.Analysed(_alert!, 1, new Analysis("text", "{}", "rules"), _now));
        Assert.Empty(step.Work);
        Assert.Null(_alert!.NextAttemptAt);
        Assert.Contains(step.Events, happened => happened.Kind == "suppressed");
    }

    [Fact]
    public void An_ack_must_speak_of_a_delivery_of_this_alert_and_of_its_body()
    {
        Report(_desk.Put("A", 1_500));
        Deliver(Analyse());
        Assert.Equal(AckOutcome.Invalid, Ack(PlainAck with { DeliveryId = "dlv_other" }).Outcome);
        Assert.Equal(AckOutcome.Invalid, Ack(PlainAck with { PayloadSha256 = new string('0', 64) }).Outcome);
        var sha = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(_alert!.Notice!.Body)));
        Assert.Equal(AckOutcome.Accepted, Ack(PlainAck with { PayloadSha256 = sha }).Outcome);
    }

    [Fact]
    public void The_same_cause_leads_to_the_same_names()
    {
        var key = new EpisodeKey(RiskMetric.NetDelta, "intraday", "standard");
        Assert.Equal(AlertIdentity.AlertId("Ω \"desk\"/1", key, 3), AlertIdentity.AlertId("Ω \"desk\"/1", key, 3));
        Assert.NotEqual(AlertIdentity.AlertId("a", key, 1), AlertIdentity.AlertId("a", key, 2));
        Assert.Equal(5, AlertIdentity.AlertId("a", key, 1).Version);
    }

    [Fact]
    public void The_webhook_body_carries_money_as_strings_and_nothing_of_the_delivery()
    {
        Report(_desk.Put("A", 1_500.5m));
        using var body = System.Text.Json.JsonDocument.Parse(Analyse().Body);
        var data = body.RootElement.GetProperty("data");
        Assert.Equal("risk.alert.opened", body.RootElement.GetProperty("type").GetString());
        Assert.Equal("1500.5000", data.GetProperty("metric_value").GetString());
        Assert.Equal("500.5000", data.GetProperty("breach_amount").GetString());
        Assert.Equal("CRITICAL", data.GetProperty("severity").GetString());
        Assert.False(data.TryGetProperty("delivery_id", out _));
        Assert.False(data.GetProperty("latency").TryGetProperty("delivered_at", out _));
    }

    private AlertStep Report(RiskMonitor.Risk.Journal.JournalRecord? record) => Apply(_life.OnReport(_alert, Assert.Single(record!.Outbox), _now));

    private Notification Analyse() => PostOf(Apply(_life.Analysed(_alert!, _alert!.Revision, new Analysis("text", "{}", "rules"), _now)));

    private AlertStep Deliver(Notification post) =>
        Apply(_life.Attempted(_alert!, post.DeliveryId, post.Attempts, new DeliveryResult(DeliveryOutcome.Delivered, "200"), _now, 0.5));

    private AlertStep Fail(Notification post) =>
        Apply(_life.Attempted(_alert!, post.DeliveryId, post.Attempts, new DeliveryResult(DeliveryOutcome.Failed, "503"), _now, 0.5));

    private AckAnswer Ack(AckRequest request)
    {
        var (step, answer) = _life.Acknowledge(_alert!, request, _now);
        Apply(step);
        return answer;
    }

    private AlertStep Apply(AlertStep step)
    {
        _alert = step.Alert;
        return step;
    }

    /// <summary>The one message that a step wants posted, once it has its turn.</summary>
    private Notification PostOf(AlertStep step)
    {
        var deliveryId = Assert.IsType<PostMessage>(Assert.Single(step.Work)).Notification.DeliveryId;
        var begun = Apply(_life.Begin(_alert!, deliveryId, _now));
        Assert.True(begun.Changed);
        Assert.Empty(begun.Work);
        return _alert!.Notice?.DeliveryId == deliveryId ? _alert.Notice : _alert.CureNotice!;
    }
}
