using RiskMonitor.Risk.Limits;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.Tests.Sqlite;

public abstract class LimitStoreTests(TestServer server)
{
    private static readonly AlertingScope Overnight = new("standard", "overnight");

    [Fact]
    public async Task An_empty_table_is_at_version_zero_and_alerts_by_the_default_scope()
    {
        await using var database = await server.CreateAsync();

        Assert.Equal(LimitSet.Empty, await Limits(database).ForDeskAsync("Rates/EMEA", default));
        Assert.Equal(0, await Limits(database).VersionAsync(default));
    }

    [Fact]
    public async Task A_limit_is_stored_exactly_and_each_change_makes_the_next_version()
    {
        await using var database = await server.CreateAsync();
        var limit = Samples.Limit("emea", 123456789012345678.1234m, "Rates/EMEA") with
        {
            ValidFrom = Samples.Noon,
            ValidTo = Samples.Noon.AddTicks(1),
            WarningRatio = 0.75m,
            Reason = "risk committee",
        };
        var first = await Limits(database).PutAsync(limit, default);
        Assert.Equal(limit with { Version = 1 }, first);
        var second = await Limits(database).PutAsync(first with { Threshold = 0m }, default);
        Assert.Equal(2, second.Version);

        Assert.Equal([second], await Limits(database).ListAsync(default));
        Assert.Equal(2, await Limits(database).VersionAsync(default));
    }

    [Fact]
    public async Task A_change_on_top_of_another_version_is_a_conflict_and_changes_nothing()
    {
        await using var database = await server.CreateAsync();
        var stored = await Limits(database).PutAsync(Samples.Limit("house", 1m), default);

        await Assert.ThrowsAsync<LimitConflictException>(() => Limits(database).PutAsync(Samples.Limit("house", 2m), default));
        await Assert.ThrowsAsync<LimitConflictException>(() => Limits(database).PutAsync(Samples.Limit("house", 2m, version: 2), default));
        await Assert.ThrowsAsync<LimitConflictException>(() => Limits(database).PutAsync(Samples.Limit("unknown", 2m, version: 1), default));
        Assert.Equal([stored], await Limits(database).ListAsync(default));
        Assert.Equal(1, await Limits(database).VersionAsync(default));
    }

    [Fact]
    public async Task A_limit_that_makes_no_sense_is_refused_with_what_to_change()
    {
        await using var database = await server.CreateAsync();

        var error = await Assert.ThrowsAsync<ArgumentException>(() => Limits(database).PutAsync(Samples.Limit("house", -1m), default));
        Assert.Contains("threshold is -1", error.Message);
        await Assert.ThrowsAsync<ArgumentException>(() => Limits(database).ConfigureAsync(AlertingScope.Default, [Samples.Limit("config:house", -1m)], default));
        await Assert.ThrowsAsync<ArgumentException>(() => Limits(database).ConfigureAsync(AlertingScope.Default, [Samples.Limit("house", 1m)], default));
        Assert.Empty(await Limits(database).ListAsync(default));
    }

    [Fact]
    public async Task Of_writers_who_would_bind_the_same_at_the_same_moment_one_succeeds()
    {
        await using var database = await server.CreateAsync();
        var writes = Enumerable.Range(0, 20).Select(i => Limits(database).PutAsync(Samples.Limit($"limit-{i}", 1m + i, "Rates/EMEA"), default)).ToArray();
        await Task.WhenAll(writes.AsEnumerable<Task>()).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);

        var stored = Assert.Single(await Limits(database).ListAsync(default));
        Assert.Equal(1, writes.Count(write => write.IsCompletedSuccessfully));
        Assert.All(writes.Where(write => write.IsFaulted), write =>
            Assert.Equal(stored.LimitId, Assert.IsType<LimitOverlapException>(write.Exception!.GetBaseException()).TwinId));
        Assert.Equal(1, await Limits(database).VersionAsync(default));
    }

    [Fact]
    public async Task Limits_that_follow_each_other_in_time_bind_the_same_one_after_the_other()
    {
        await using var database = await server.CreateAsync();
        var until = Samples.Noon;
        await Limits(database).PutAsync(Samples.Limit("old", 1m) with { ValidTo = until }, default);
        await Limits(database).PutAsync(Samples.Limit("new", 2m) with { ValidFrom = until }, default);

        await Assert.ThrowsAsync<LimitOverlapException>(() => Limits(database).PutAsync(Samples.Limit("old", 1m, version: 1), default));
        Assert.Equal(until, (await Limits(database).ListAsync(default)).Single(limit => limit.LimitId == "old").ValidTo);
    }

    [Fact]
    public async Task A_limit_of_the_configuration_that_binds_what_another_one_binds_is_refused()
    {
        await using var database = await server.CreateAsync();
        await Limits(database).PutAsync(Samples.Limit("house", 9m), default);
        await Assert.ThrowsAsync<LimitOverlapException>(() => Limits(database).ConfigureAsync(AlertingScope.Default, [Samples.Limit("config:a", 1m)], default));
        Assert.Equal("house", Assert.Single(await Limits(database).ListAsync(default)).LimitId);
    }

    [Fact]
    public async Task A_desk_gets_its_own_limits_and_the_defaults()
    {
        await using var database = await server.CreateAsync();
        await Limits(database).PutAsync(Samples.Limit("house", 1m), default);
        await Limits(database).PutAsync(Samples.Limit("emea", 2m, "Rates/EMEA"), default);
        await Limits(database).PutAsync(Samples.Limit("fx", 3m, "FX"), default);

        var set = await Limits(database).ForDeskAsync("Rates/EMEA", default);
        Assert.Equal(["emea", "house"], set.Limits.Select(limit => limit.LimitId));
        Assert.Equal(3, set.Version);
    }

    [Fact]
    public async Task Configuring_the_same_again_changes_nothing()
    {
        await using var database = await server.CreateAsync();
        RiskLimit[] configured = [Samples.Limit("config:house", 1_000m), Samples.Limit("config:emea", 5m, "Rates/EMEA")];
        await Limits(database).ConfigureAsync(Overnight, configured, default);
        var set = await Limits(database).ForDeskAsync("Rates/EMEA", default);
        Assert.Equal((1L, Overnight), (set.Version, set.Alerting));
        Assert.All(set.Limits, limit => Assert.Equal("configuration", limit.ChangedBy));

        await Limits(database).ConfigureAsync(Overnight, [.. configured.Select(limit => limit with { Threshold = limit.Threshold + 0.00m, Reason = "reworded" })], default);
        Assert.Equal(set, await Limits(database).ForDeskAsync("Rates/EMEA", default));
    }

    [Fact]
    public async Task Configuring_changes_what_differs_and_removes_what_vanished()
    {
        await using var database = await server.CreateAsync();
        await Limits(database).ConfigureAsync(AlertingScope.Default, [Samples.Limit("config:a", 1m, "A"), Samples.Limit("config:b", 2m, "B"), Samples.Limit("config:c", 3m, "C")], default);
        var byHand = await Limits(database).PutAsync(Samples.Limit("by-hand", 9m), default);
        await Limits(database).ConfigureAsync(AlertingScope.Default, [Samples.Limit("config:a", 1m, "A"), Samples.Limit("config:b", 5m, "B")], default);

        Assert.Equal(
            [("by-hand", 1, 9m), ("config:a", 1, 1m), ("config:b", 2, 5m)],
            (await Limits(database).ListAsync(default)).Select(limit => (limit.LimitId, limit.Version, limit.Threshold)));
        Assert.Equal(byHand, (await Limits(database).ListAsync(default))[0]);
        Assert.Equal(3, await Limits(database).VersionAsync(default));
    }

    [Fact]
    public async Task A_configured_limit_that_somebody_changed_stays_when_it_vanishes_from_the_configuration()
    {
        await using var database = await server.CreateAsync();
        await Limits(database).ConfigureAsync(AlertingScope.Default, [Samples.Limit("config:a", 1m)], default);
        var changed = await Limits(database).PutAsync(Samples.Limit("config:a", 7m, version: 1), default);
        await Limits(database).ConfigureAsync(AlertingScope.Default, [], default);

        Assert.Equal([changed], await Limits(database).ListAsync(default));
    }

    [Fact]
    public async Task A_removed_limit_that_comes_back_goes_on_counting_its_versions()
    {
        await using var database = await server.CreateAsync();
        RiskLimit[] configured = [Samples.Limit("config:a", 1m)];
        await Limits(database).ConfigureAsync(AlertingScope.Default, configured, default);
        await Limits(database).ConfigureAsync(AlertingScope.Default, [], default);
        await Limits(database).ConfigureAsync(AlertingScope.Default, configured, default);

        Assert.Equal(3, (await Limits(database).ListAsync(default)).Single().Version);
    }

    [Fact]
    public async Task The_history_keeps_every_version_with_who_and_when_and_why()
    {
        await using var database = await server.CreateAsync(time: new FakeTimeProvider(Samples.Noon));
        var first = await Limits(database).PutAsync(Samples.Limit("config:a", 1m), default);
        await Limits(database).ConfigureAsync(AlertingScope.Default, [first with { Threshold = 2m }], default);
        await Limits(database).ConfigureAsync(AlertingScope.Default, [], default);

        var history = await database.RowsAsync(
            "SELECT version, threshold, changed_by, changed_at, removed FROM risk_limit_history ORDER BY version",
            row => (row.GetInt32(0), row.Text(1), row.Text(2), row.GetInt64(3), row.GetBoolean(4)));
        var at = Samples.Noon.UtcTicks;
        Assert.Equal([(1, "1", "tester", at, false), (2, "2", "configuration", at, false), (3, "2", "configuration", at, true)], history);
    }

    [Fact]
    public async Task A_limit_changed_by_another_process_is_seen()
    {
        await using var database = await server.CreateAsync();
        await Limits(database).PutAsync(Samples.Limit("house", 1m), default);
        await using var command = await database.OpenAgainAsync();
        await Limits(command).PutAsync(Samples.Limit("house", 2m, version: 1), default);

        var set = await Limits(database).ForDeskAsync("Rates/EMEA", default);
        Assert.Equal((2L, 2m), (set.Version, set.Limits.Single().Threshold));
    }

    private static ILimitStore Limits(TestDatabase database) => database.Get<ILimitStore>();

    public sealed class OnSqlite() : LimitStoreTests(TestServer.Sqlite);

    public sealed class OnMariaDb() : LimitStoreTests(TestServer.MariaDb);
}
