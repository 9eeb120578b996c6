using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Storage.Tests.Sqlite;

/// <summary>Rows that cannot be read concern only what they belong to.</summary>
public sealed class DamagedRowsTests
{
    [Fact]
    public async Task A_limit_that_cannot_be_read_is_named_and_its_next_version_replaces_it()
    {
        await using var database = await TestDatabase.CreateAsync();
        var limits = database.Get<ILimitStore>();
        await limits.PutAsync(Limit("good", null), CancellationToken.None);
        await limits.PutAsync(Limit("bad", "Rates"), CancellationToken.None);
        await DamageAsync(database, "UPDATE risk_limits SET metric = 'vega' WHERE limit_id = 'bad'");

        Assert.Equal("good", Assert.Single(await limits.ListAsync(CancellationToken.None)).LimitId);
        var unreadable = Assert.Single(await limits.UnreadableAsync(CancellationToken.None));
        Assert.Equal(("bad", "Rates", 1), (unreadable.LimitId, unreadable.ScopeKey, unreadable.Version));
        await Assert.ThrowsAsync<LimitUnreadableException>(() => limits.ForDeskAsync("Rates", CancellationToken.None));
        Assert.Single((await limits.ForDeskAsync("FX", CancellationToken.None)).Limits);

        await limits.PutAsync(Limit("bad", "Rates") with { Version = 1 }, CancellationToken.None);
        Assert.Equal(2, (await limits.ForDeskAsync("Rates", CancellationToken.None)).Limits.Count);
    }

    [Fact]
    public async Task The_list_of_desks_and_of_due_alerts_survives_rows_that_cannot_be_read()
    {
        await using var database = await TestDatabase.CreateAsync();
        await DamageAsync(
            database,
            "INSERT INTO desks (desk, head_sequence, head_writer, limits_version, next_validity) VALUES ('Rates', 1, 1, 0, 9223372036854775807)");
        await DamageAsync(
            database,
            """
            INSERT INTO alerts (alert_id, version, request_id, desk, severity, status, breach_open, transient, opened_at, next_attempt_at, metric, horizon, profile, episode, state)
            VALUES ('no id', 1, '', 'Rates', 'INFO', 'delivered', 1, 0, 5, 5, 'net_delta', 'intraday', 'standard', 1, '{')
            """);
        await DamageAsync(database, "INSERT INTO outbox (alert_id, desk_id, sequence, recorded_at, report) VALUES ('x', 1, 1, 1, x'ff')");

        Assert.Equal(new DeskHead("Rates", 0, null), Assert.Single(await database.Journal.DesksAsync(CancellationToken.None)));
        Assert.Empty(await database.Get<IAlertStore>().DueAsync(null, null, 10, CancellationToken.None));
        Assert.Empty(await database.Journal.UnsentAsync(null, 1, CancellationToken.None));
        var page = await database.Get<IAlertQueries>().ListAsync(new AlertFilter(), null, 10, CancellationToken.None);
        Assert.Equal(("Rates", 1L), (Assert.Single(page.Unreadable), page.Total));
        Assert.Equal("Rates", Assert.Single(await database.Get<IDeskRepair>().CheckAsync(null, CancellationToken.None), check => !check.IsSound).Desk);
        await foreach (var held in database.Get<IPositionDirectory>().LoadAsync(CancellationToken.None))
        {
            Assert.Fail($"nothing is held, and yet {held}");
        }
    }

    private static RiskLimit Limit(string id, string? desk) => new(
        id, "standard", desk is null ? LimitScope.Default : LimitScope.Desk, desk ?? "", RiskMetric.NetDelta, "intraday", 100, 0.8m, 1m, SeveritySteps.Default, null, null, null, 0, "test", "test");

    private static Task DamageAsync(TestDatabase database, string sql) => database.Storage.WriteAsync(session => session.Execute(sql), CancellationToken.None);
}
