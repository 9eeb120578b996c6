using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Limits;

namespace RiskMonitor.Storage.Tests.Sqlite;

public abstract class AlertStoreTests(TestServer server)
{
    private static readonly AlertEvent Opened = new(Samples.Noon, "opened", 1, "1700 against 1000");

    [Fact]
    public async Task An_alert_is_loaded_as_it_was_saved_with_its_history_in_order()
    {
        await using var database = await server.CreateAsync();
        var store = database.Get<IAlertStore>();
        var alert = Samples.Alert("Rates/EMEA");
        Assert.Null(await store.LoadAsync(alert.AlertId, default));

        var first = await store.SaveAsync(alert, [Opened], default);
        var delivered = new AlertEvent(Samples.Noon.AddSeconds(1), "delivered", 1, "200");
        var second = await store.SaveAsync(first with { Status = AlertStatus.Delivered }, [delivered, Opened], default);

        Assert.Equal((1L, 2L), (first.Version, second.Version));
        Assert.Equal(Shape.Of(second), Shape.Of(await store.LoadAsync(alert.AlertId, default)));
        var found = await database.Get<IAlertQueries>().FindAsync(alert.AlertId, null, default);
        Assert.Equal(Shape.Of(second), Shape.Of(found!.Value.Alert));
        Assert.Equal([Opened, delivered, Opened], found.Value.History);
    }

    [Fact]
    public async Task Of_two_writers_that_met_on_an_alert_the_later_one_must_load_it_again()
    {
        await using var database = await server.CreateAsync();
        var store = database.Get<IAlertStore>();
        var alert = Samples.Alert("Rates/EMEA");
        var saved = await store.SaveAsync(alert, [Opened], default);
        await Assert.ThrowsAsync<StaleAlertException>(() => store.SaveAsync(alert, [Opened], default));

        await store.SaveAsync(saved, [], default);
        await Assert.ThrowsAsync<StaleAlertException>(() => store.SaveAsync(saved with { Status = AlertStatus.DeadLetter }, [Opened], default));

        var found = await database.Get<IAlertQueries>().FindAsync(alert.AlertId, null, default);
        Assert.Equal(AlertStatus.PendingAnalysis, found!.Value.Alert.Status);
        Assert.Single(found.Value.History);
    }

    [Fact]
    public async Task Alerts_that_are_due_come_in_the_order_of_their_time()
    {
        await using var database = await server.CreateAsync();
        var store = database.Get<IAlertStore>();
        var late = await SaveAsync(Samples.Noon.AddMinutes(2));
        var early = await SaveAsync(Samples.Noon);
        var waiting = await SaveAsync(Samples.Noon.AddMinutes(1));
        await SaveAsync(null);

        Assert.Equal([early, waiting], await DueAsync(Samples.Noon.AddMinutes(1), null, 10));
        Assert.Equal([early, waiting, late], await DueAsync(null, null, 10));
        Assert.Equal([early], await DueAsync(null, null, 1));

        // Those that stay due do not hide the others.
        var first = Assert.Single(await store.DueAsync(null, null, 1, default));
        Assert.Equal([waiting, late], await DueAsync(null, first, 10));

        async Task<IEnumerable<Guid>> DueAsync(DateTimeOffset? before, DueAlert? after, int atMost) =>
            (await store.DueAsync(before, after, atMost, default)).Select(due => due.AlertId);

        async Task<Guid> SaveAsync(DateTimeOffset? next) =>
            (await store.SaveAsync(Samples.Alert("Rates/EMEA") with { NextAttemptAt = next }, [], default)).AlertId;
    }

    [Fact]
    public async Task An_alert_that_waits_for_an_endpoint_is_never_due_and_is_found_by_the_next_start()
    {
        await using var database = await server.CreateAsync();
        var store = database.Get<IAlertStore>();
        var message = new Notification("dlv_1", NotificationKind.Opened, 1, "{}", false, Samples.Noon, 0, false, null, null, "none is set", NoEndpoint: true);
        var parked = await store.SaveAsync(Samples.Alert("Rates/EMEA") with { Status = AlertStatus.PendingDelivery, Notice = message, NextAttemptAt = null }, [], default);

        Assert.Empty(await store.DueAsync(Samples.Noon.AddYears(100), null, 10, default));
        Assert.Equal(parked.AlertId, Assert.Single(await store.DueAsync(null, null, 10, default)).AlertId);
        Assert.Equal(parked.Notice, (await store.LoadAsync(parked.AlertId, default))!.Notice);
    }

    [Fact]
    public async Task The_numbers_taken_of_a_desk_are_the_highest_per_key()
    {
        await using var database = await server.CreateAsync();
        var store = database.Get<IAlertStore>();
        var gross = new EpisodeKey(RiskMetric.GrossDelta, "intraday", "standard");
        await SaveAsync("Rates/EMEA", episode => episode with { Number = 12 });
        await SaveAsync("Rates/EMEA", episode => episode with { Number = 9 });
        await SaveAsync("Rates/EMEA", episode => episode with { Number = 2, Key = gross });
        await SaveAsync("Credit", episode => episode with { Number = 40 });

        var taken = await store.NumbersTakenAsync("Rates/EMEA", default);
        Assert.Equal(2, taken.Count);
        Assert.Equal(12, taken[new EpisodeKey(RiskMetric.NetDelta, "intraday", "standard")]);
        Assert.Equal(2, taken[gross]);

        Task SaveAsync(string desk, Func<Episode, Episode> change) => store.SaveAsync(Samples.Alert(desk, change: change), [], default);
    }

    public sealed class OnSqlite() : AlertStoreTests(TestServer.Sqlite);

    public sealed class OnMariaDb() : AlertStoreTests(TestServer.MariaDb);
}
