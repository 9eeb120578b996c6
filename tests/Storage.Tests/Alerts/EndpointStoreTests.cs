using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Storage.Tests.Alerts;

public abstract class EndpointStoreTests(TestServer server)
{
    [Fact]
    public async Task An_endpoint_is_changed_and_removed_by_those_who_know_its_version()
    {
        await using var database = await server.CreateAsync();
        var store = database.Get<IEndpointStore>();
        var endpoint = new StoredEndpoint("ops", 0, """{"url":"https://risk.example/\u6f22"}""", "new desk", "ann", Samples.Noon);
        var first = await store.PutAsync(endpoint, default);
        Assert.Equal([endpoint with { Version = 1 }], await store.ListAsync(default));
        await Assert.ThrowsAsync<EndpointConflictException>(() => store.PutAsync(endpoint, default));

        var second = await store.PutAsync(first with { Settings = "{}", ChangedBy = "bob" }, default);
        Assert.Equal((2, "bob"), (second.Version, Assert.Single(await store.ListAsync(default)).ChangedBy));
        await Assert.ThrowsAsync<EndpointConflictException>(() => store.PutAsync(first, default));
        await Assert.ThrowsAsync<EndpointConflictException>(() => store.RemoveAsync("ops", 1, default));
        await store.RemoveAsync("ops", 2, default);
        Assert.Empty(await store.ListAsync(default));
        await Assert.ThrowsAsync<EndpointConflictException>(() => store.RemoveAsync("ops", 2, default));
    }

    [Fact]
    public async Task Settings_are_rewritten_under_their_version_only_if_they_are_still_those_that_were_read()
    {
        await using var database = await server.CreateAsync();
        var store = database.Get<IEndpointStore>();
        var stored = await store.PutAsync(new StoredEndpoint("ops", 0, "{\"a\":1}", "new desk", "ann", Samples.Noon), default);
        Assert.True(await store.RewriteAsync(stored, "{\"sealed\":\"x\"}", default));
        Assert.Equal([stored with { Settings = "{\"sealed\":\"x\"}" }], await store.ListAsync(default));
        Assert.False(await store.RewriteAsync(stored, "{}", default));
        Assert.False(await store.RewriteAsync(stored with { Settings = "{\"sealed\":\"x\"}", Version = 2 }, "{}", default));
    }

    public sealed class OnSqlite() : EndpointStoreTests(TestServer.Sqlite);

    public sealed class OnMariaDb() : EndpointStoreTests(TestServer.MariaDb);
}
