using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Evidence;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.Tests.Evidence;

/// <summary>A database in which one thing of each kind has happened, and what an intruder can do to it.</summary>
internal sealed class EvidenceStory(TestDatabase database, FakeTimeProvider time) : IAsyncDisposable
{
    private Alert? _alert;

    public TestDatabase Database => database;

    public FakeTimeProvider Time => time;

    public IEvidenceLog Log => database.Get<IEvidenceLog>();

    public Guid AlertId => _alert!.AlertId;

    public static async Task<EvidenceStory> BeginAsync(TestServer server, Action<StorageOptions>? configure = null)
    {
        var time = new FakeTimeProvider(Samples.Noon);
        return new EvidenceStory(await server.CreateAsync(configure, time), time);
    }

    public static async Task<EvidenceStory> TellAsync(TestServer server)
    {
        var story = await BeginAsync(server);
        await story.TellAsync();
        return story;
    }

    /// <summary>Everything happens a minute after what was before it.</summary>
    public async Task TellAsync()
    {
        var limits = database.Get<ILimitStore>();
        await limits.PutAsync(Samples.Limit("house", 1_000m), default);
        Pass();
        await limits.PutAsync(Samples.Limit("house", 2_000m, version: 1), default);
        Pass();
        var endpoints = database.Get<IEndpointStore>();
        await endpoints.PutAsync(Endpoint("pager"), default);
        await endpoints.PutAsync(Endpoint("mail"), default);
        await endpoints.RemoveAsync("pager", 1, default);
        await endpoints.PutAsync(Endpoint("pager") with { Reason = "again" }, default);
        Pass();
        var users = database.Get<IUserStore>();
        await users.AddAsync(new RiskUser("ann", Role.Viewer, null, Clearance.Desk), KeyHash.Of(ApiKey.New()), "cli:root", default);
        await users.AddAsync(new RiskUser("bob", Role.Operator, ["Rates \u6f22"], Clearance.Trader), KeyHash.Of(ApiKey.New()), "cli:root", default);
        await users.RevokeAsync("bob", "cli:root", default);
        Pass();
        await TellOfAlertAsync();
        await TellOfListAsync("grp_1", TimeSpan.FromDays(3));
        var audit = database.Get<IAuditLog>();
        await audit.AddAsync([Call("req_1", "list_alerts"), Call("req_2", "get_alert") with { Desk = "Rates \ud83d\ude00", Calls = 7 }], default);
        Pass();
        await audit.AddAsync([Call("req_3", "ack_alert")], default);
    }

    public async Task<Alert> TellOfAlertAsync(string desk = "Rates/EMEA")
    {
        var store = database.Get<IAlertStore>();
        var alert = Samples.Alert(desk, time.GetUtcNow()) with { DeliveryCount = 1, Deliveries = [new PastDelivery("dlv_1", 1, new string('a', 64))] };
        var saved = await store.SaveAsync(alert, [new AlertEvent(time.GetUtcNow(), "opened", 1, "MEDIUM: 1,700 \u20ac"), new AlertEvent(time.GetUtcNow(), "escalated", 2, "HIGH")], default);
        Pass();
        var delivery = new EndpointDelivery($"dlv_1{saved.AlertId:N}", "pager", true, true, 0, false, time.GetUtcNow(), null, null);
        saved = await store.SaveAsync(
            saved with { Status = AlertStatus.PendingDelivery, Notice = Message(delivery with { Version = 2 }, time.GetUtcNow()) }, [], default);
        Pass();
        var tried = delivery with { Attempts = 1, LastStatus = 503, LatencyMs = 12.5, LastError = "503", LastAnswer = "busy", Version = 3 };
        saved = await store.SaveAsync(
            saved with { Notice = Message(tried, Samples.Noon) }, [new AlertEvent(time.GetUtcNow(), "attempt_failed", 1, "503")], default);
        Pass();
        var delivered = tried with { Attempts = 2, LastStatus = 200, LatencyMs = 7, DeliveredAt = time.GetUtcNow(), LastError = null, Version = 4 };
        saved = await store.SaveAsync(
            saved with { Status = AlertStatus.Delivered, Notice = Message(delivered, Samples.Noon) }, [new AlertEvent(time.GetUtcNow(), "delivered", 1, "200")], default);
        Pass();
        saved = await store.SaveAsync(
            saved with { Snooze = new Snooze("ann", "lunch", time.GetUtcNow(), time.GetUtcNow()) }, [new AlertEvent(time.GetUtcNow(), "snoozed", 1, "by ann")], default);
        saved = await store.SaveAsync(
            saved with { Assignment = new Assignment("bob", "ann", "knows", time.GetUtcNow(), time.GetUtcNow()) }, [new AlertEvent(time.GetUtcNow(), "assigned", 1, "to bob")], default);
        Pass();
        var ack = new Acknowledgement("ann", "bob", "hedged", Disposition.Reducing, "dlv_1", 1, time.GetUtcNow());
        _alert = await store.SaveAsync(
            saved with { Status = AlertStatus.Consumed, Acknowledgement = ack }, [new AlertEvent(time.GetUtcNow(), "acknowledged", 1, "by ann: reducing")], default);
        Pass();
        return _alert;
    }

    /// <summary>A list whose link ends after a time.</summary>
    public Task TellOfListAsync(string groupId, TimeSpan lasts) => database.Get<IAlertGroupStore>().SaveAsync(
        new AlertGroup(groupId, "mail", time.GetUtcNow(), time.GetUtcNow() + lasts, [new GroupedAlert(AlertId, 1, "dlv_1", "Rates \u6f22", true)]), default);

    /// <summary>What somebody does who may write the database, and not by the product.</summary>
    public Task TamperAsync(string sql, object? parameters = null) =>
        database.Get<IDatabase>().WriteAsync(db => db.ExecuteAsync(sql, parameters), default);

    public Task<List<EvidenceEntry>> EntriesAsync() => database.Get<IDatabase>().ReadAsync(
        ReadPool.Upkeep,
        db => db.ListAsync("SELECT chain, sequence, at, kind, subject, ordinal, document, previous, hash FROM evidence ORDER BY chain, sequence", RiskMonitor.Storage.Evidence.EvidenceLog.Entry),
        default);

    /// <summary>Rows of no entry are judged from the first minute on.</summary>
    public Task<EvidenceCheck> VerifyAsync(params EvidenceHead[] seen) => Log.VerifyAsync(seen, Samples.Noon.AddSeconds(-1), default);

    public Task<EvidenceCheck> VerifyAsyncFrom(DateTimeOffset upgraded) => Log.VerifyAsync([], upgraded, default);

    public void Pass() => time.Advance(TimeSpan.FromMinutes(1));

    public ValueTask DisposeAsync() => database.DisposeAsync();

    public AuditEntry Call(string requestId, string tool) =>
        new(time.GetUtcNow(), "ann", "10.0.0.1", "http", tool, "all", "desk", "ok", requestId, TimeSpan.FromMicroseconds(1_234), "alert_id", null);

    private static Notification Message(EndpointDelivery delivery, DateTimeOffset at) =>
        new Notification(delivery.DeliveryId, NotificationKind.Opened, 1, "{}", false, at, 0, false, null, null, null).To([delivery]);

    private StoredEndpoint Endpoint(string name) => new(name, 0, "{\"kind\":\"slack\",\"secret\":\"whsec_x\"}", "new", "ann", time.GetUtcNow());
}
