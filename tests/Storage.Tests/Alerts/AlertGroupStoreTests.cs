using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Storage.Tests.Alerts;

public abstract class AlertGroupStoreTests(TestServer server)
{
    [Fact]
    public async Task A_list_is_kept_until_its_link_ends_and_shows_its_alerts_as_they_are_now()
    {
        await using var database = await server.CreateAsync();
        var store = database.Get<IAlertGroupStore>();
        var first = await database.Get<IAlertStore>().SaveAsync(Samples.Alert("Rates 漢/EMEA "), [], default);
        var second = await database.Get<IAlertStore>().SaveAsync(Samples.Alert("FX"), [], default);
        var group = new AlertGroup("grp_1", "ops", Samples.Noon, DateTimeOffset.UtcNow.AddDays(1), [Listed(first, true), Listed(second, false), Listed(first with { AlertId = Guid.NewGuid() }, true)]);
        await store.SaveAsync(group, default);

        var found = await store.FindAsync("grp_1", default);
        Assert.Equal((group.GroupId, group.Endpoint, group.CreatedAt, group.ExpiresAt), (found!.GroupId, found.Endpoint, found.CreatedAt, found.ExpiresAt));
        Assert.Equal(group.Alerts, found.Alerts);
        Assert.Null(await store.FindAsync("grp_2", default));
        var saved = await database.Get<IAlertStore>().SaveAsync(first with { Status = AlertStatus.Consumed }, [], default);
        var current = await store.CurrentAsync(found, default);
        Assert.Equal(2, current.Count);
        Assert.Equal((saved.Version, AlertStatus.Consumed), (current[first.AlertId].Version, current[first.AlertId].Status));

        await store.SaveAsync(group with { GroupId = "grp_3", ExpiresAt = DateTimeOffset.UtcNow.AddSeconds(-1) }, default);
        await store.SaveAsync(group with { GroupId = "grp_4" }, default);
        Assert.Null(await store.FindAsync("grp_3", default));
        Assert.NotNull(await store.FindAsync("grp_1", default));
    }

    private static GroupedAlert Listed(Alert alert, bool needsAck) => new(alert.AlertId, alert.Revision, $"dlv_{alert.Desk}", alert.Desk, needsAck);

    public sealed class OnSqlite() : AlertGroupStoreTests(TestServer.Sqlite);

    public sealed class OnMariaDb() : AlertGroupStoreTests(TestServer.MariaDb);
}
