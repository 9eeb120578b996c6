using Orleans;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Storage.Sqlite;

namespace RiskMonitor.Grains.Tests;

/// <summary>Waiting for a busy or missing endpoint, and reminders that cannot be removed at once.</summary>
public class AlertPostingTests
{
    [Fact]
    public async Task Ten_breaches_at_an_endpoint_that_takes_one_at_a_time_are_ten_posts()
    {
        using var turns = new SemaphoreSlim(1);
        var release = new TaskCompletionSource<DeliveryResult>();
        var cluster = RiskCluster.Prepare(AlertPolicy.Default with { AttemptLease = TimeSpan.FromMilliseconds(50) });
        cluster.TryAcquirePermit = () => turns.Wait(0) ? DeliveryPermit.Granted(() => turns.Release()) : null;
        cluster.AcquirePermit = async cancellationToken =>
        {
            await turns.WaitAsync(cancellationToken);
            return DeliveryPermit.Granted(() => turns.Release());
        };
        cluster.Receive = _ => release.Task;
        await using var running = await RiskCluster.StartAsync(cluster);
        for (var i = 0; i < 10; i++)
        {
            await cluster.ApplyAsync($"Desk {i}", RiskCluster.Put(i, $"Desk {i}", $"P{i}", 1_500));
        }

        await Eventually.IsTrueAsync("all ten wait", async () => (await cluster.AlertsAsync()).Count(alert => alert.Status == AlertStatus.PendingDelivery) == 10);
        var waiting = (await cluster.AlertsAsync()).Where(alert => alert.Notice is { InFlight: false }).ToList();
        Assert.Equal(9, waiting.Count);
        Assert.All(waiting, alert => Assert.Equal((0, null), (alert.Notice!.Attempts, alert.Receipt.FirstAttemptAt)));

        // Leases run out and sweeps come by meanwhile: nothing is posted again, nothing is written.
        var sweeps = cluster.Sweeps;
        await Eventually.IsTrueAsync("five sweeps came by", () => cluster.Sweeps >= sweeps + 5);
        Assert.Single(cluster.Posts);
        var later = (await cluster.AlertsAsync()).ToDictionary(alert => alert.AlertId, alert => alert.Version);
        Assert.All(waiting, alert => Assert.Equal(alert.Version, later[alert.AlertId]));

        release.SetResult(new DeliveryResult(DeliveryOutcome.Delivered, "200"));
        await Eventually.IsTrueAsync("all ten were delivered", async () => (await cluster.AlertsAsync()).Count(alert => alert.Status == AlertStatus.Delivered) == 10);
        Assert.Equal(10, cluster.Posts.Count);
        Assert.All(await cluster.AlertsAsync(), alert => Assert.Equal(1, alert.Notice!.Attempts));
    }

    [Fact]
    public async Task Without_an_endpoint_an_alert_is_not_written_again_and_the_next_start_delivers_it()
    {
        var cluster = RiskCluster.Prepare();
        cluster.TryAcquirePermit = () => DeliveryPermit.WithoutEndpoint("Webhook:Url is not set");
        await using var running = await RiskCluster.StartAsync(cluster);
        await cluster.ApplyAsync("Rates", RiskCluster.Put(0, "Rates", "A", 1_500));
        var parked = await cluster.AlertAsync(alert => alert.Notice is { NoEndpoint: true }, "the alert waits for an endpoint");
        Assert.Equal((AlertStatus.PendingDelivery, "Webhook:Url is not set", 0), (parked.Status, parked.Notice!.LastError, parked.Notice.Attempts));

        var sweeps = cluster.Sweeps;
        await Eventually.IsTrueAsync("five sweeps came by", () => cluster.Sweeps >= sweeps + 5);
        Assert.Equal(parked.Version, Assert.Single(await cluster.AlertsAsync()).Version);
        Assert.Empty(await RemindersAsync(cluster));

        cluster.TryAcquirePermit = () => DeliveryPermit.Granted(() => { });
        await cluster.KillAndRestartAsync();
        var delivered = await cluster.AlertAsync(alert => alert.Status == AlertStatus.Delivered, "the alert was delivered after the next start");
        Assert.Equal(1, delivered.Notice!.Attempts);
        Assert.Single(cluster.Posts);
    }

    [Fact]
    public async Task A_sender_that_breaks_is_a_failed_attempt_and_not_the_same_one_for_ever()
    {
        var breaks = 2;
        var cluster = RiskCluster.Prepare();
        cluster.Receive = _ => Interlocked.Decrement(ref breaks) >= 0
            ? throw new InvalidOperationException("broken")
            : Task.FromResult(new DeliveryResult(DeliveryOutcome.Delivered, "200"));
        await using var running = await RiskCluster.StartAsync(cluster);
        await cluster.ApplyAsync("Rates", RiskCluster.Put(0, "Rates", "A", 1_500));
        var delivered = await cluster.AlertAsync(alert => alert.Status == AlertStatus.Delivered, "the alert was delivered");
        Assert.Equal(3, delivered.Notice!.Attempts);
    }

    [Fact]
    public async Task A_reminder_that_could_not_be_removed_is_removed_by_its_next_tick()
    {
        var fails = false;
        var cluster = RiskCluster.Prepare();
        cluster.WrapReminders = store => new FailingReminders(store, () => Volatile.Read(ref fails));
        await using var running = await RiskCluster.StartAsync(cluster);
        await cluster.ApplyAsync("Rates", RiskCluster.Put(0, "Rates", "A", 1_500));
        var open = await cluster.AlertAsync(alert => alert.Status == AlertStatus.Delivered, "the alert was delivered");
        await Eventually.IsTrueAsync("it waits for its ack with a reminder", async () => (await RemindersAsync(cluster)).Count == 1);

        Volatile.Write(ref fails, true);
        await cluster.ApplyAsync("Rates", RiskCluster.Put(1, "Rates", "A", 0));
        await cluster.AlertAsync(alert => alert.CureNotice?.DeliveredAt is not null, "the cure was told");
        var answer = await cluster.AlertGrain(open).AckAsync(new AckRequest("rm-1", null, null, null, null, null));
        Assert.Equal(AckOutcome.Accepted, answer.Outcome);
        Assert.Single(await RemindersAsync(cluster));

        Volatile.Write(ref fails, false);
        await cluster.AlertGrain(open).AsReference<IRemindable>().ReceiveReminder("due", default);
        Assert.Empty(await RemindersAsync(cluster));
    }

    [Fact]
    public async Task A_reminder_of_an_alert_that_is_not_there_goes_with_its_tick()
    {
        await using var cluster = await RiskCluster.StartAsync();
        var grain = cluster.Grains.GetGrain<Interfaces.IAlertGrain>(Guid.NewGuid().ToString("D"));
        await cluster.Stored<IReminderStore>().PutAsync(
            new StoredReminder(cluster.ServiceId, grain.GetGrainId().ToString(), "due", DateTimeOffset.UtcNow.AddHours(1), TimeSpan.FromMinutes(1), 0, null),
            CancellationToken.None);
        await grain.AsReference<IRemindable>().ReceiveReminder("due", default);
        Assert.Empty(await RemindersAsync(cluster));
    }

    private static Task<IReadOnlyList<StoredReminder>> RemindersAsync(RiskCluster cluster) =>
        cluster.Stored<IReminderStore>().InRangeAsync(cluster.ServiceId, 0, 0, CancellationToken.None);

    private sealed class FailingReminders(IReminderStore inner, Func<bool> fails) : IReminderStore
    {
        public Task<bool> RemoveAsync(string serviceId, string grainId, string name, string etag, CancellationToken cancellationToken) =>
            fails() ? throw new IOException("disk full") : inner.RemoveAsync(serviceId, grainId, name, etag, cancellationToken);

        public Task<IReadOnlyList<StoredReminder>> OfGrainAsync(string serviceId, string grainId, CancellationToken cancellationToken) =>
            inner.OfGrainAsync(serviceId, grainId, cancellationToken);

        public Task<IReadOnlyList<StoredReminder>> InRangeAsync(string serviceId, uint begin, uint end, CancellationToken cancellationToken) =>
            inner.InRangeAsync(serviceId, begin, end, cancellationToken);

        public Task<StoredReminder?> FindAsync(string serviceId, string grainId, string name, CancellationToken cancellationToken) =>
            inner.FindAsync(serviceId, grainId, name, cancellationToken);

        public Task<string> PutAsync(StoredReminder reminder, CancellationToken cancellationToken) => inner.PutAsync(reminder, cancellationToken);

        public Task ClearAsync(string serviceId, CancellationToken cancellationToken) => inner.ClearAsync(serviceId, cancellationToken);
    }
}
