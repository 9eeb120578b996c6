namespace RiskMonitor.Storage.Tests.Sqlite;

public sealed class GrainStateStoreTests
{
    [Fact]
    public async Task A_state_is_read_as_it_was_written_under_its_own_type_and_key()
    {
        await using var database = await TestDatabase.CreateAsync();
        var store = database.Get<IGrainStateStore>();
        var etag = await store.WriteAsync("feed", "a", [1, 2], null, default);
        await store.WriteAsync("feed", "b", [3], null, default);

        var state = await store.ReadAsync("feed", "a", default);
        Assert.Equal(etag, state!.ETag);
        Assert.Equal([1, 2], state.Payload!);
        Assert.Null(await store.ReadAsync("endpoint", "a", default));
    }

    [Fact]
    public async Task Only_whoever_knows_the_last_etag_writes()
    {
        await using var database = await TestDatabase.CreateAsync();
        var store = database.Get<IGrainStateStore>();
        var first = await store.WriteAsync("feed", "a", [1], null, default);
        var second = await store.WriteAsync("feed", "a", [2], first, default);

        var error = await Assert.ThrowsAsync<GrainStateConflictException>(() => store.WriteAsync("feed", "a", [3], first, default));
        Assert.Equal((first, second), (error.ExpectedETag, error.StoredETag));
        await Assert.ThrowsAsync<GrainStateConflictException>(() => store.WriteAsync("feed", "a", [3], null, default));
        await Assert.ThrowsAsync<GrainStateConflictException>(() => store.ClearAsync("feed", "a", first, default));
        await Assert.ThrowsAsync<GrainStateConflictException>(() => store.WriteAsync("feed", "unknown", [3], first, default));
        Assert.Equal([2], (await store.ReadAsync("feed", "a", default))!.Payload!);
    }

    [Fact]
    public async Task An_etag_from_before_a_clearing_never_fits_again()
    {
        await using var database = await TestDatabase.CreateAsync();
        var store = database.Get<IGrainStateStore>();
        Assert.Null(await store.ClearAsync("feed", "a", null, default));
        var first = await store.WriteAsync("feed", "a", [1], null, default);
        var cleared = await store.ClearAsync("feed", "a", first, default);
        Assert.Null((await store.ReadAsync("feed", "a", default))!.Payload);

        await store.WriteAsync("feed", "a", [2], cleared, default);
        await Assert.ThrowsAsync<GrainStateConflictException>(() => store.WriteAsync("feed", "a", [3], first, default));
    }
}
