using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Storage.Sqlite;

namespace RiskMonitor.Grains.Tests;

public class AlertLifeTests
{
    private static readonly AckRequest Ack = new("rm-1", null, "on it", Disposition.Reducing, null, null);

    [Fact]
    public async Task A_breach_becomes_one_alert_that_is_analysed_delivered_and_acknowledged()
    {
        await using var cluster = await RiskCluster.StartAsync();
        await cluster.ApplyAsync("Rates", RiskCluster.Put(0, "Rates", "A", 1_500));
        var alert = await cluster.AlertAsync(alert => alert.Status == AlertStatus.Delivered, "the alert was delivered");
        Assert.Equal(("Rates", Severity.Critical, "revision 1"), (alert.Desk, alert.Episode.Severity, alert.Analysis!.Text));
        Assert.Equal(alert.Notice!.Body, Assert.Single(cluster.Posts).Body);

        var answer = await cluster.AlertGrain(alert).AckAsync(Ack with { DeliveryId = alert.Notice.DeliveryId });
        Assert.Equal(AckOutcome.Accepted, answer.Outcome);
        Assert.Equal(AckOutcome.Repeated, (await cluster.AlertGrain(alert).AckAsync(Ack)).Outcome);
        Assert.Equal(AlertStatus.Consumed, Assert.Single(await cluster.AlertsAsync()).Status);
        await Eventually.IsTrueAsync(
            "the outbox is empty",
            async () => (await cluster.Stored<Risk.Journal.IDeskJournalReader>().UnsentAsync(null, null, 10, CancellationToken.None)).Reports.Count == 0);
    }

    [Fact]
    public async Task An_ack_from_inside_the_webhook_handler_is_answered()
    {
        var cluster = RiskCluster.Prepare();
        cluster.Receive = async deliveryId =>
        {
            var alert = (await cluster.AlertsAsync()).Single(alert => alert.Notice?.DeliveryId == deliveryId);
            var answer = await cluster.AlertGrain(alert).AckAsync(Ack with { DeliveryId = deliveryId });
            return new DeliveryResult(answer.Outcome == AckOutcome.Accepted ? DeliveryOutcome.Delivered : DeliveryOutcome.Failed, "200");
        };
        await using var running = await RiskCluster.StartAsync(cluster);
        await cluster.ApplyAsync("Rates", RiskCluster.Put(0, "Rates", "A", 1_500));
        var consumed = await cluster.AlertAsync(alert => alert.Status == AlertStatus.Consumed, "the alert was consumed");
        Assert.Single(cluster.Posts);
        Assert.Equal("rm-1", consumed.Acknowledgement!.By);
    }

    [Fact]
    public async Task A_slow_analyst_holds_up_neither_the_desk_nor_an_escalation()
    {
        var slow = new TaskCompletionSource<Analysis>();
        var cluster = RiskCluster.Prepare();
        cluster.Analyse = report => report.Episode.Revision == 1 ? slow.Task : Task.FromResult(new Analysis("second", "{}", "rules"));
        await using var running = await RiskCluster.StartAsync(cluster);
        await cluster.ApplyAsync("Rates", RiskCluster.Put(0, "Rates", "A", 1_100));
        await cluster.ApplyAsync("Rates", RiskCluster.Put(1, "Rates", "A", 1_700));
        await cluster.AlertAsync(alert => alert is { Status: AlertStatus.Delivered, Revision: 2 }, "the second revision was delivered");
        slow.SetResult(new Analysis("first", "{}", "rules"));
        Assert.Equal("second", (await cluster.AlertAsync(_ => true, "the alert")).Analysis!.Text);
        Assert.Single(cluster.Posts);
    }

    [Fact]
    public async Task An_alert_that_cannot_be_analysed_is_delivered_and_says_so()
    {
        var cluster = RiskCluster.Prepare();
        cluster.Analyse = _ => throw new OverflowException("a figure too large");
        await using var running = await RiskCluster.StartAsync(cluster);
        await cluster.ApplyAsync("Rates", RiskCluster.Put(0, "Rates", "A", 1_500));
        var alert = await cluster.AlertAsync(alert => alert.Status == AlertStatus.Delivered, "the alert was delivered");
        Assert.Equal("none", alert.Analysis!.Source);
        Assert.Contains("could not be analysed", alert.Analysis.Text);
        Assert.Contains("\"analysis_source\":\"none\"", Assert.Single(cluster.Posts).Body);
    }

    [Fact]
    public async Task A_receiver_that_fails_is_tried_again_under_the_same_id_until_it_takes_the_alert()
    {
        var failures = 3;
        var cluster = RiskCluster.Prepare();
        cluster.Receive = _ => Task.FromResult(Interlocked.Decrement(ref failures) >= 0
            ? new DeliveryResult(DeliveryOutcome.Failed, "503")
            : new DeliveryResult(DeliveryOutcome.Delivered, "200"));
        await using var running = await RiskCluster.StartAsync(cluster);
        await cluster.ApplyAsync("Rates", RiskCluster.Put(0, "Rates", "A", 1_500));
        await cluster.AlertAsync(alert => alert.Status == AlertStatus.Delivered, "the alert was delivered");
        Assert.Equal(4, cluster.Posts.Count);
        Assert.Single(cluster.Posts.Distinct());
    }

    [Fact]
    public async Task A_dead_letter_can_be_sent_again_by_an_operator()
    {
        var cluster = RiskCluster.Prepare();
        var isDown = true;
        cluster.Receive = _ => Task.FromResult(Volatile.Read(ref isDown) ? new DeliveryResult(DeliveryOutcome.Failed, "503") : new DeliveryResult(DeliveryOutcome.Delivered, "200"));
        await using var running = await RiskCluster.StartAsync(cluster);
        await cluster.ApplyAsync("Rates", RiskCluster.Put(0, "Rates", "A", 1_500));
        var dead = await cluster.AlertAsync(alert => alert.Status == AlertStatus.DeadLetter, "the alert is a dead letter");
        Volatile.Write(ref isDown, false);
        Assert.True(await cluster.AlertGrain(dead).ReplayAsync("operator"));
        await cluster.AlertAsync(alert => alert.Status == AlertStatus.Delivered, "the alert was delivered");
        Assert.False(await cluster.AlertGrain(dead).ReplayAsync("operator"));
    }

    [Fact]
    public async Task Without_an_ack_the_alert_is_delivered_again_and_the_cure_ends_it()
    {
        var cluster = RiskCluster.Prepare(AlertPolicy.Default with { AckTimeout = TimeSpan.FromMilliseconds(100) });
        await using var running = await RiskCluster.StartAsync(cluster);
        await cluster.ApplyAsync("Rates", RiskCluster.Put(0, "Rates", "A", 1_500));
        await Eventually.IsTrueAsync("two reminders came", () => cluster.Posts.Count(post => post.Body.Contains("risk.alert.reminder")) >= 2);
        await cluster.ApplyAsync("Rates", RiskCluster.Put(1, "Rates", "A", 0));
        await Eventually.IsTrueAsync("the cure was told", () => cluster.Posts.Any(post => post.Body.Contains("risk.alert.cured")));
        var cured = await cluster.AlertAsync(alert => !alert.Episode.IsOpen && alert.CureNotice?.DeliveredAt is not null, "the cure is in the row");
        Assert.Null(cured.NextAttemptAt);
        Assert.Equal(AckOutcome.Accepted, (await cluster.AlertGrain(cured).AckAsync(Ack)).Outcome);
    }

    [Fact]
    public async Task A_long_wait_is_a_reminder_that_goes_with_the_ack()
    {
        await using var cluster = await RiskCluster.StartAsync();
        await cluster.ApplyAsync("Rates", RiskCluster.Put(0, "Rates", "A", 1_500));
        await cluster.ApplyAsync("Rates", RiskCluster.Put(1, "Rates", "A", 0));
        await cluster.ApplyAsync("Rates", RiskCluster.Put(2, "Rates", "A", 1_500));
        var open = await cluster.AlertAsync(alert => alert is { Status: AlertStatus.Delivered, Episode.IsOpen: true }, "the second alert was delivered");
        await Eventually.IsTrueAsync("the open alert has a reminder, and only it", async () => (await RemindersAsync(cluster)).Count == 1);
        await cluster.ApplyAsync("Rates", RiskCluster.Put(3, "Rates", "A", 0));
        await cluster.AlertAsync(alert => alert.AlertId == open.AlertId && !alert.Episode.IsOpen, "the second alert is cured");
        await cluster.AlertGrain(open).AckAsync(Ack);
        await Eventually.IsTrueAsync("the reminder is gone", async () => (await RemindersAsync(cluster)).Count == 0);
    }

    /// <summary>The writes of an alert's way to its delivery are three: born, analysed with the first attempt, delivered. The fourth is the ack.</summary>
    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    public async Task A_silo_that_dies_at_any_step_of_an_alerts_life_loses_nothing_and_repeats_nothing(int write, bool afterTheWrite)
    {
        var gate = new StopGate(write, afterTheWrite);
        var cluster = RiskCluster.Prepare();
        cluster.WrapAlerts = store => new GatedAlertStore(store, gate);
        await using var running = await RiskCluster.StartAsync(cluster);
        await cluster.ApplyAsync("Rates", RiskCluster.Put(0, "Rates", "A", 1_500));
        await gate.Reached;

        cluster.WrapAlerts = store => store;
        await cluster.KillAndRestartAsync();

        // No trade comes any more.
        var delivered = await cluster.AlertAsync(alert => alert.Status == AlertStatus.Delivered, "the alert was delivered by the next silo");
        Assert.Single(await cluster.AlertsAsync());
        Assert.Single(cluster.Posts.Select(post => post).Distinct());
        Assert.Equal(delivered.Notice!.DeliveryId, cluster.Posts.First().DeliveryId);
        Assert.Equal(1, delivered.Notice.Attempts);
        Assert.Equal(AckOutcome.Accepted, (await cluster.AlertGrain(delivered).AckAsync(Ack)).Outcome);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_silo_that_dies_during_an_ack_answers_it_the_next_time(bool afterTheWrite)
    {
        var gate = new StopGate(4, afterTheWrite);
        var cluster = RiskCluster.Prepare();
        cluster.WrapAlerts = store => new GatedAlertStore(store, gate);
        await using var running = await RiskCluster.StartAsync(cluster);
        await cluster.ApplyAsync("Rates", RiskCluster.Put(0, "Rates", "A", 1_500));
        var alert = await cluster.AlertAsync(alert => alert.Status == AlertStatus.Delivered, "the alert was delivered");
        var lost = cluster.AlertGrain(alert).AckAsync(Ack);
        await gate.Reached;

        cluster.WrapAlerts = store => store;
        await cluster.KillAndRestartAsync();
        var answer = await cluster.AlertGrain(alert).AckAsync(Ack);
        Assert.Equal(afterTheWrite ? AckOutcome.Repeated : AckOutcome.Accepted, answer.Outcome);
        Assert.Equal(AlertStatus.Consumed, Assert.Single(await cluster.AlertsAsync()).Status);
        Assert.Single(cluster.Posts);
        await Assert.ThrowsAnyAsync<Exception>(() => lost);
    }

    private static Task<IReadOnlyList<StoredReminder>> RemindersAsync(RiskCluster cluster) =>
        cluster.Stored<IReminderStore>().InRangeAsync(cluster.ServiceId, 0, 0, CancellationToken.None);
}
