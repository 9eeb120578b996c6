using RiskMonitor.Risk.Limits;

namespace RiskMonitor.Storage.Tests.Sqlite;

/// <summary>Who changed which limit when.</summary>
public abstract class LimitHistoryTests(TestServer server)
{
    private static readonly LimitHistoryFilter s_all = new(null, null, null);

    [Fact]
    public async Task Every_version_is_there_newest_first_page_by_page_and_a_removal_is_one()
    {
        var clock = new FakeTimeProvider(Samples.Noon);
        await using var database = await server.CreateAsync(time: clock);
        var limits = database.Get<ILimitStore>();
        var emea = await limits.PutAsync(Samples.Limit("emea", 1m, "Rates/EMEA"), default);
        clock.Advance(TimeSpan.FromMinutes(1));
        await limits.ConfigureAsync(AlertingScope.Default, [Samples.Limit("config:house", 5m)], default);
        clock.Advance(TimeSpan.FromMinutes(1));
        await limits.PutAsync(emea with { Threshold = 2m, Reason = "room" }, default);
        clock.Advance(TimeSpan.FromMinutes(1));
        await limits.ConfigureAsync(AlertingScope.Default, [], default);

        var first = await limits.HistoryAsync(s_all, null, 3, default);
        var second = await limits.HistoryAsync(s_all, first.Next, 3, default);

        Assert.Equal((4, 4, null), (first.Total, second.Total, second.Next));
        Assert.Equal(
            [("config:house", 2, true), ("emea", 2, false), ("config:house", 1, false), ("emea", 1, false)],
            first.Versions.Concat(second.Versions).Select(version => (version.Limit.LimitId, version.Limit.Version, version.Removed)));
        Assert.Equal((Samples.Noon.AddMinutes(2), 2m, "room"), (first.Versions[1].ChangedAt, first.Versions[1].Limit.Threshold, first.Versions[1].Limit.Reason));
    }

    [Fact]
    public async Task Only_what_may_bind_the_desks_asked_for_is_listed()
    {
        await using var database = await server.CreateAsync();
        var limits = database.Get<ILimitStore>();
        await limits.PutAsync(Samples.Limit("emea", 1m, "Rates/EMEA"), default);
        await limits.PutAsync(Samples.Limit("fx", 1m, "FX"), default);
        await limits.PutAsync(Samples.Limit("house", 1m), default);

        Assert.Equal(["emea", "house"], await IdsAsync(new(null, "Rates/EMEA", null)));
        Assert.Equal(["fx", "house"], await IdsAsync(new(null, null, ["FX", "fx"])));
        Assert.Equal(["house"], await IdsAsync(new(null, "Rates/EMEA", ["FX"])));
        Assert.Equal(["fx"], await IdsAsync(new("fx", null, null)));

        async Task<IEnumerable<string>> IdsAsync(LimitHistoryFilter filter) =>
            (await limits.HistoryAsync(filter, null, 10, default)).Versions.Select(version => version.Limit.LimitId).Order(StringComparer.Ordinal);
    }

    public sealed class OnSqlite() : LimitHistoryTests(TestServer.Sqlite);

    public sealed class OnMariaDb() : LimitHistoryTests(TestServer.MariaDb);
}
