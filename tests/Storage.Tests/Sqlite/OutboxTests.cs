using RiskMonitor.Risk.Desks;

namespace RiskMonitor.Storage.Tests.Sqlite;

public abstract class OutboxTests(TestServer server)
{
    private const string Desk = "Rates/EMEA";

    [Fact]
    public async Task An_unsent_report_waits_until_its_alert_has_stored_it()
    {
        await using var database = await server.CreateAsync();
        var journal = database.Journal;
        var risk = new DeskRisk(Desk);
        await journal.AppendAsync(Samples.FirstRecord(risk), default);
        var breach = Samples.Trade(risk, 1_100m);
        await journal.AppendAsync(breach, default);
        var report = Assert.Single(await journal.UnsentAsync(null, 10, default));
        Assert.Equal(Shape.Of(breach.Outbox.Single()), Shape.Of(report));

        await journal.SentAsync(report.Episode.AlertId, report.Sequence, default);
        Assert.Empty(await journal.UnsentAsync(null, 10, default));
    }

    [Fact]
    public async Task A_confirmation_of_an_older_report_leaves_the_newer_one_unsent()
    {
        await using var database = await server.CreateAsync();
        var journal = database.Journal;
        var risk = new DeskRisk(Desk);
        await journal.AppendAsync(Samples.FirstRecord(risk), default);
        var opened = Samples.Trade(risk, 1_100m);
        var escalated = Samples.Trade(risk, 1_700m);
        await journal.AppendAsync(opened, default);
        await journal.AppendAsync(escalated, default);
        await journal.SentAsync(opened.Outbox.Single().Episode.AlertId, opened.Sequence, default);

        var report = Assert.Single(await journal.UnsentAsync(null, 10, default));
        Assert.Equal((escalated.Sequence, 2), (report.Sequence, report.Episode.Revision));
    }

    [Fact]
    public async Task Unsent_reports_come_oldest_first_and_as_many_as_asked_for()
    {
        await using var database = await server.CreateAsync();
        var journal = database.Journal;
        foreach (var (desk, minute) in new[] { ("b", 2), ("a", 3), ("c", 1) })
        {
            var risk = new DeskRisk(desk);
            await journal.AppendAsync(Samples.FirstRecord(risk), default);
            await journal.AppendAsync(Samples.Trade(risk, 1_100m, Samples.Noon.AddMinutes(minute)), default);
        }

        Assert.Equal(["c", "b", "a"], (await journal.UnsentAsync(null, 10, default)).Select(report => report.Desk));
        Assert.Equal(["c", "b"], (await journal.UnsentAsync(null, 2, default)).Select(report => report.Desk));
        Assert.Equal(["c", "b"], (await journal.UnsentAsync(Samples.Noon.AddMinutes(3), 10, default)).Select(report => report.Desk));
    }

    [Fact]
    public async Task A_page_of_unsent_reports_goes_on_where_the_last_one_ended()
    {
        await using var database = await server.CreateAsync();
        var journal = database.Journal;
        foreach (var desk in new[] { "a", "b", "c" })
        {
            var risk = new DeskRisk(desk);
            await journal.AppendAsync(Samples.FirstRecord(risk), default);
            // All at one instant: the order within it is fixed, too.
            await journal.AppendAsync(Samples.Trade(risk, 1_100m), default);
        }

        var first = await journal.UnsentAsync(null, null, 2, default);
        var second = await journal.UnsentAsync(null, first.Next, 2, default);

        Assert.Equal(["a", "b", "c"], first.Reports.Concat(second.Reports).Select(report => report.Desk).Order());
        Assert.Null(second.Next);
    }

    public sealed class OnSqlite() : OutboxTests(TestServer.Sqlite);

    public sealed class OnMariaDb() : OutboxTests(TestServer.MariaDb);
}
