using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Limits;

namespace RiskMonitor.Storage.Tests.Sqlite;

public abstract class AlertQueriesTests(TestServer server)
{
    private static readonly AlertFilter Any = new(IncludeTransient: true);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(100)]
    public async Task Pages_show_every_alert_once_newest_first_though_many_opened_in_the_same_instant(int pageSize)
    {
        await using var database = await server.CreateAsync();
        var saved = new List<Alert>();
        for (var i = 0; i < 21; i++)
        {
            saved.Add(await SaveAsync(database, Samples.Alert("Rates/EMEA", Samples.Noon.AddSeconds(i / 7))));
        }

        var seen = new List<Guid>();
        AlertCursor? cursor = null;
        do
        {
            var page = await database.Get<IAlertQueries>().ListAsync(Any, cursor, pageSize, default);
            Assert.Equal(21, page.Total);
            Assert.Equal(page.Next is null, seen.Count + page.Alerts.Count == 21);
            seen.AddRange(page.Alerts.Select(alert => alert.AlertId));
            cursor = page.Next;
        }
        while (cursor is not null);

        var expected = saved.OrderByDescending(alert => alert.Episode.OpenedAt).ThenBy(alert => alert.AlertId.ToString("D"), StringComparer.Ordinal);
        Assert.Equal(expected.Select(alert => alert.AlertId), seen);
    }

    [Fact]
    public async Task An_alert_is_found_by_its_id_and_only_for_its_desk_wherever_its_id_lies()
    {
        await using var database = await server.CreateAsync();
        var queries = database.Get<IAlertQueries>();
        Assert.Null(await queries.FindAsync(Guid.NewGuid(), null, default));
        var saved = new List<Alert>();
        for (var i = 0; i < 20; i++)
        {
            saved.Add(await SaveAsync(database, Samples.Alert(i % 2 == 0 ? "Rates" : "FX", Samples.Noon.AddSeconds(i))));
        }

        foreach (var alert in saved)
        {
            Assert.Equal(alert.AlertId, (await queries.FindAsync(alert.AlertId, null, default))!.Value.Alert.AlertId);
            Assert.Equal(alert.AlertId, (await queries.FindAsync(alert.AlertId, ["Other", alert.Desk], default))!.Value.Alert.AlertId);
            Assert.Null(await queries.FindAsync(alert.AlertId, ["Other"], default));
        }

        Assert.Null(await queries.FindAsync(Guid.Empty, null, default));
        Assert.Null(await queries.FindAsync(Guid.AllBitsSet, null, default));
        Assert.Null(await queries.FindAsync(Guid.NewGuid(), ["Rates", "FX"], default));
    }

    [Fact]
    public async Task Each_filter_keeps_what_it_names()
    {
        await using var database = await server.CreateAsync();
        var plain = await SaveAsync(database, Samples.Alert("Rates/EMEA"));
        var other = await SaveAsync(database, Samples.Alert("Credit", Samples.Noon.AddHours(1), AlertStatus.Consumed, episode => episode with
        {
            Severity = Severity.Info,
            CuredAt = Samples.Noon.AddHours(2),
            CureReason = CureReason.Figure,
        }));
        var transient = await SaveAsync(database, Samples.Alert("FX", change: episode => episode with { Transient = true }));

        await ExpectAsync(new AlertFilter(), other, plain);
        await ExpectAsync(new AlertFilter(RequestId: plain.RequestId), plain);
        await ExpectAsync(new AlertFilter(Desks: ["Credit", "Nobody's"]), other);
        await ExpectAsync(new AlertFilter(Desks: []));
        await ExpectAsync(new AlertFilter(Severity: Severity.Critical), plain);
        await ExpectAsync(new AlertFilter(Status: AlertStatus.Consumed), other);
        await ExpectAsync(new AlertFilter(BreachOpen: true), plain);
        await ExpectAsync(new AlertFilter(BreachOpen: false), other);
        await ExpectAsync(new AlertFilter(OpenedFrom: Samples.Noon.AddHours(1)), other);
        await ExpectAsync(new AlertFilter(OpenedTo: Samples.Noon.AddHours(1)), plain);
        await ExpectAsync(new AlertFilter(Desks: ["FX"], IncludeTransient: true), transient);
        await ExpectAsync(new AlertFilter(Desks: ["Credit", "Rates/EMEA"], Severity: Severity.Info, BreachOpen: false, OpenedFrom: Samples.Noon), other);

        async Task ExpectAsync(AlertFilter filter, params IEnumerable<Alert> expected)
        {
            var page = await database.Get<IAlertQueries>().ListAsync(filter, null, 10, default);
            Assert.Equal(expected.Select(alert => alert.AlertId), page.Alerts.Select(alert => alert.AlertId));
            Assert.Equal(page.Alerts.Count, page.Total);
        }
    }

    [Fact]
    public async Task Counts_leave_out_transient_alerts_and_tell_the_oldest_that_nobody_acknowledged()
    {
        await using var database = await server.CreateAsync();
        await SaveAsync(database, Samples.Alert("a", Samples.Noon, AlertStatus.Consumed));
        await SaveAsync(database, Samples.Alert("a", Samples.Noon.AddHours(2), AlertStatus.Delivered));
        await SaveAsync(database, Samples.Alert("a", Samples.Noon.AddHours(1), AlertStatus.DeadLetter));
        await SaveAsync(database, Samples.Alert("a", Samples.Noon.AddHours(-1), AlertStatus.Delivered, episode => episode with { Transient = true }));

        var (byStatus, oldest) = await database.Get<IAlertQueries>().CountAsync(default);
        Assert.Equal(1, byStatus[AlertStatus.Consumed]);
        Assert.Equal(1, byStatus[AlertStatus.Delivered]);
        Assert.Equal(1, byStatus[AlertStatus.DeadLetter]);
        Assert.Equal(0, byStatus[AlertStatus.PendingAnalysis]);
        Assert.Equal(Samples.Noon.AddHours(1), oldest);
    }

    [Fact]
    public async Task Where_there_are_no_alerts_everything_is_zero_and_nothing_is_found()
    {
        await using var database = await server.CreateAsync();
        var queries = database.Get<IAlertQueries>();

        var (byStatus, oldest) = await queries.CountAsync(default);
        Assert.All(byStatus.Values, count => Assert.Equal(0, count));
        Assert.Null(oldest);
        Assert.Null(await queries.FindAsync(Guid.NewGuid(), null, default));
        Assert.Empty((await queries.ListAsync(Any, null, 10, default)).Alerts);
    }

    [Fact]
    public async Task Who_follows_changes_gets_each_alert_once_by_its_last_change_and_misses_none()
    {
        await using var database = await server.CreateAsync();
        var queries = database.Get<IAlertQueries>();
        var first = await SaveAsync(database, Samples.Alert("a"));
        var begin = await queries.ChangesAsync(after: null, 10, default);

        var second = await SaveAsync(database, Samples.Alert("b", Samples.Noon.AddHours(1)));
        first = await SaveAsync(database, first);
        first = await SaveAsync(database, first);
        var page = await queries.ChangesAsync(begin.End, 1, default);
        var rest = await queries.ChangesAsync(page.End, 10, default);
        var nothing = await queries.ChangesAsync(rest.End, 10, default);

        Assert.Empty(begin.Alerts);
        Assert.Equal(new AlertChange(second.AlertId, "b", false), Assert.Single(page.Alerts));
        Assert.Equal(new AlertChange(first.AlertId, "a", false), Assert.Single(rest.Alerts));
        Assert.Empty(nothing.Alerts);
        Assert.Equal(rest.End, nothing.End);
    }

    private static Task<Alert> SaveAsync(TestDatabase database, Alert alert) => database.Get<IAlertStore>().SaveAsync(alert, [], default);

    public sealed class OnSqlite() : AlertQueriesTests(TestServer.Sqlite);

    public sealed class OnMariaDb() : AlertQueriesTests(TestServer.MariaDb);
}
