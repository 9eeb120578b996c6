using RiskMonitor.Storage.Sqlite;

namespace RiskMonitor.Storage.Tests.Sqlite;

public sealed class ReminderStoreTests
{
    [Fact]
    public async Task A_reminder_is_found_by_its_grain_and_by_its_name()
    {
        await using var database = await TestDatabase.CreateAsync();
        var store = database.Get<IReminderStore>();
        var look = Reminder("alert/1", "look", 1);
        var etag = await store.PutAsync(look, default);
        await store.PutAsync(Reminder("alert/1", "other", 1), default);
        await store.PutAsync(Reminder("alert/2", "look", 2), default);

        Assert.Equal(look with { ETag = etag }, await store.FindAsync("svc", "alert/1", "look", default));
        Assert.Null(await store.FindAsync("svc", "alert/2", "other", default));
        Assert.Equal(["look", "other"], (await store.OfGrainAsync("svc", "alert/1", default)).Select(row => row.Name).Order());
    }

    [Theory]
    [InlineData(10u, 30u, "20 30")]
    [InlineData(30u, 10u, "0 10 4294967295")]
    [InlineData(20u, 20u, "0 10 20 30 4294967295")]
    [InlineData(0u, uint.MaxValue, "10 20 30 4294967295")]
    public async Task A_silo_finds_the_reminders_of_its_part_of_the_ring(uint begin, uint end, string expected)
    {
        await using var database = await TestDatabase.CreateAsync();
        var store = database.Get<IReminderStore>();
        foreach (var hash in new[] { 0u, 10u, 20u, 30u, uint.MaxValue })
        {
            await store.PutAsync(Reminder($"alert/{hash}", "look", hash), default);
        }

        var found = await store.InRangeAsync("svc", begin, end, default);
        Assert.Equal(expected, string.Join(' ', found.Select(row => row.GrainHash).Order()));
        Assert.Empty(await store.InRangeAsync("another service", begin, end, default));
    }

    [Fact]
    public async Task A_reminder_is_removed_only_under_its_last_etag()
    {
        await using var database = await TestDatabase.CreateAsync();
        var store = database.Get<IReminderStore>();
        var old = await store.PutAsync(Reminder("alert/1", "look", 1), default);
        var current = await store.PutAsync(Reminder("alert/1", "look", 1) with { Period = TimeSpan.FromMinutes(2) }, default);

        Assert.False(await store.RemoveAsync("svc", "alert/1", "look", old, default));
        Assert.True(await store.RemoveAsync("svc", "alert/1", "look", current, default));
        Assert.False(await store.RemoveAsync("svc", "alert/1", "look", current, default));
        await store.PutAsync(Reminder("alert/1", "look", 1), default);
        Assert.False(await store.RemoveAsync("svc", "alert/1", "look", current, default));
    }

    [Fact]
    public async Task Clearing_a_service_leaves_the_others()
    {
        await using var database = await TestDatabase.CreateAsync();
        var store = database.Get<IReminderStore>();
        await store.PutAsync(Reminder("alert/1", "look", 1), default);
        await store.PutAsync(Reminder("alert/1", "look", 1) with { ServiceId = "other" }, default);
        await store.ClearAsync("svc", default);

        Assert.Empty(await store.OfGrainAsync("svc", "alert/1", default));
        Assert.Single(await store.OfGrainAsync("other", "alert/1", default));
    }

    private static StoredReminder Reminder(string grainId, string name, uint hash) =>
        new("svc", grainId, name, Samples.Noon, TimeSpan.FromMinutes(1), hash, null);
}
