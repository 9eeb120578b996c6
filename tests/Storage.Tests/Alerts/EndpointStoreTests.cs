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
    public async Task An_endpoint_that_is_made_anew_goes_on_from_the_versions_of_the_removed_one()
    {
        await using var database = await server.CreateAsync();
        var store = database.Get<IEndpointStore>();
        var old = await store.PutAsync(new StoredEndpoint("ops", 0, """{"url":"https://old.example"}""", "new desk", "ann", Samples.Noon), default);
        await store.RemoveAsync("ops", old.Version, default);
        await Assert.ThrowsAsync<EndpointConflictException>(() => store.PutAsync(old, default));

        var made = await store.PutAsync(old with { Version = 0, Settings = """{"url":"https://new.example"}""" }, default);

        Assert.Equal([made], await store.ListAsync(default));
        Assert.True(made.Version > old.Version + 1);
        await Assert.ThrowsAsync<EndpointConflictException>(() => store.PutAsync(old with { Settings = "{}" }, default));
        await Assert.ThrowsAsync<EndpointConflictException>(() => store.PutAsync(old with { Version = 0 }, default));
    }

    public sealed class OnSqlite() : EndpointStoreTests(TestServer.Sqlite);

    public sealed class OnMariaDb() : EndpointStoreTests(TestServer.MariaDb);
}
