using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Storage.Tests.Alerts;

public abstract class DeliveryLogTests(TestServer server)
{
    [Fact]
    public async Task Each_message_at_each_endpoint_is_a_row_that_follows_the_alert()
    {
        await using var database = await server.CreateAsync();
        var store = database.Get<IAlertStore>();
        var alert = Samples.Alert("Rates/EMEA") with { DeliveryCount = 1 };
        var saved = await store.SaveAsync(alert with { Notice = Message("dlv_1", At(1, "pager"), At(1, "mail") with { Required = false }) }, [], default);
        var rows = await ListAsync(new DeliveryFilter(alert.AlertId));
        Assert.Equal(["mail", "pager"], rows.Select(row => row.Endpoint).Order());
        Assert.All(rows, row => Assert.Equal(("pending", 0, "risk.alert.opened", "Rates/EMEA"), (row.State, row.Attempts, row.Kind, row.Desk)));

        var refused = At(2, "pager") with { Attempts = 1, LastStatus = 503, LatencyMs = 12.5, LastAnswer = "busy \u6f22", LastError = "503" };
        saved = await store.SaveAsync(saved with { Notice = saved.Notice!.With([refused]) }, [], default);
        var pager = Assert.Single(await ListAsync(new DeliveryFilter(Endpoint: "pager")));
        Assert.Equal((1, 503, 12.5, "busy \u6f22", "503"), (pager.Attempts, pager.LastStatus, pager.LatencyMs, pager.Answer, pager.LastError));

        // A newer message ends what waits of the older one.
        await store.SaveAsync(saved with { DeliveryCount = 2, Notice = Message("dlv_2", At(3, "pager") with { DeliveryId = "dlv_2pager" }) }, [], default);
        Assert.Equal(["dlv_2pager"], (await ListAsync(new DeliveryFilter(State: DeliveryState.Pending))).Select(row => row.DeliveryId));
        Assert.Equal(2, (await ListAsync(new DeliveryFilter(State: DeliveryState.Ended))).Count);

        async Task<IReadOnlyList<LoggedDelivery>> ListAsync(DeliveryFilter filter) => (await database.Get<IDeliveryLog>().ListAsync(filter, null, 10, default)).Deliveries;
    }

    [Fact]
    public async Task Pages_follow_each_other_and_show_the_desks_asked_for_only()
    {
        await using var database = await server.CreateAsync();
        for (var i = 0; i < 5; i++)
        {
            var message = Message($"dlv_{i}", At(1, "pager") with { DeliveryId = $"dlv_{i}" }) with { CreatedAt = Samples.Noon.AddSeconds(i / 2) };
            await database.Get<IAlertStore>().SaveAsync(Samples.Alert(i == 4 ? "Credit" : "Rates") with { DeliveryCount = 1, Notice = message }, [], default);
        }

        var log = database.Get<IDeliveryLog>();
        var seen = new List<string>();
        DeliveryCursor? after = null;
        do
        {
            var page = await log.ListAsync(new DeliveryFilter(Desks: ["Rates"]), after, 3, default);
            Assert.Equal(4, page.Total);
            seen.AddRange(page.Deliveries.Select(row => row.DeliveryId));
            after = page.Next;
        }
        while (after is not null);
        Assert.Equal(["dlv_2", "dlv_3", "dlv_0", "dlv_1"], seen);
    }

    private static Notification Message(string deliveryId, params EndpointDelivery[] deliveries) =>
        new Notification(deliveryId, NotificationKind.Opened, 1, "{}", false, Samples.Noon, 0, false, null, null, null).To(deliveries);

    private static EndpointDelivery At(long version, string endpoint) =>
        new($"dlv_1{endpoint}", endpoint, true, true, 0, false, Samples.Noon, null, null) { Version = version };

    public sealed class OnSqlite() : DeliveryLogTests(TestServer.Sqlite);

    public sealed class OnMariaDb() : DeliveryLogTests(TestServer.MariaDb);
}
