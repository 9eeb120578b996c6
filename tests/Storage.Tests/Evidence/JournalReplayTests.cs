using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Evidence;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Storage.Database;
using RiskMonitor.Storage.Journal;

namespace RiskMonitor.Storage.Tests.Evidence;

public abstract class JournalReplayTests(TestServer server)
{
    private const string Desk = "Rates/EMEA";

    private static readonly Dictionary<int, RecordedAnalysis> s_none = [];

    [Fact]
    public async Task Inputs_lead_to_the_same_reports_again()
    {
        await using var database = await server.CreateAsync();
        var reports = await TradeAsync(database, new DeskRisk(Desk));

        var (reach, replayed) = await ReplayAsync(database);

        Assert.Equal(3, reports.Count);
        Assert.Equal(reports.Select(report => (report.Sequence, report.Episode)), replayed.Select(report => (report.Sequence, report.Episode)));
        Assert.Equal(new ReplayReach(1, DateTimeOffset.MinValue, 6), reach);
        Assert.Equal(2, (await ReplayAsync(database, through: 3)).Reports.Count);
        Assert.Null((await ReplayAsync(database, desk: "nobody")).Reach);
    }

    [Fact]
    public async Task Behind_the_retention_it_begins_with_the_state_that_stands_for_what_is_gone_and_says_so()
    {
        await using var database = await server.CreateAsync();
        var risk = new DeskRisk(Desk);
        await database.Journal.AppendAsync(Samples.FirstRecord(risk), default);
        await database.Journal.AppendAsync(Samples.Trade(risk, 10m), default);
        await database.Journal.FoldAsync(Samples.Fold(risk), default);
        var retention = database.Get<IJournalRetention>();
        Assert.Equal(1, await retention.KeepStatesAsync(Samples.Noon, default));
        await database.Journal.AppendAsync(Samples.Trade(risk, 1_700m, Samples.Noon.AddMinutes(1)), default);
        Assert.Equal(2, await retention.PruneAsync(Samples.Noon.AddDays(7), default));

        var (reach, reports) = await ReplayAsync(database);

        Assert.Equal((3L, Samples.Noon, 3L), (reach!.First, reach.From, reach.Last));
        Assert.Equal(1_700m, Assert.Single(reports).Episode.Value);
    }

    [Fact]
    public async Task A_record_that_is_missing_makes_the_desk_unreadable()
    {
        await using var database = await server.CreateAsync();
        await TradeAsync(database, new DeskRisk(Desk));
        await database.Get<IDatabase>().WriteAsync(db => db.ExecuteAsync("DELETE FROM journal WHERE sequence = 3"), default);

        var missing = await Assert.ThrowsAsync<DeskUnreadableException>(() => ReplayAsync(database));

        Assert.Contains("record 3 is missing", missing.Message);
    }

    [Fact]
    public async Task Breaches_without_alert_alerts_without_breach_and_other_figures_are_told_apart()
    {
        await using var database = await server.CreateAsync();
        var reports = await TradeAsync(database, new DeskRisk(Desk));
        var stored = Alert(reports[1]);

        Assert.Empty((await CompareAsync(database, [stored])).Differences);
        Assert.Equal(
            (BreachDifference.BreachWithoutAlert, stored.AlertId, 2L),
            Assert.Single((await CompareAsync(database, [])).Differences) is var missing ? (missing.Kind, missing.AlertId, missing.Sequence) : default);
        Assert.Equal(BreachDifference.OnItsWay, Assert.Single((await CompareAsync(database, [], reports[0])).Differences).Kind);

        var wrong = stored with { Report = stored.Report with { Episode = stored.Episode with { Threshold = 9_000m } } };
        Assert.Equal(BreachDifference.Differs, Assert.Single((await CompareAsync(database, [wrong])).Differences).Kind);
        var invented = stored with { AlertId = Guid.NewGuid() };
        Assert.Equal(
            [BreachDifference.AlertWithoutBreach, BreachDifference.BreachWithoutAlert],
            (await CompareAsync(database, [invented])).Differences.Select(difference => difference.Kind).Order());

        // What was opened outside of the span is not looked at.
        Assert.Empty((await CompareAsync(database, [], from: Samples.Noon.AddHours(1))).Differences);
    }

    [Fact]
    public async Task Messages_are_written_again_from_the_journal()
    {
        await using var database = await server.CreateAsync();
        var reports = await TradeAsync(database, new DeskRisk(Desk));
        var lifecycle = new AlertLifecycle(AlertPolicy.Default, AlertDocument.WebhookBody);
        var analysis = new Analysis("Over by 700.", """{"drivers":["A"]}""", "rules");
        var alert = lifecycle.OnReport(null, reports[0], Samples.Noon.AddSeconds(1)).Alert;
        alert = lifecycle.Analysed(alert, 1, analysis, Samples.Noon.AddSeconds(2)).Alert;
        var delivery = Logged(alert, alert.Notice!);

        var (_, replayed) = await ReplayAsync(database);
        var same = Assert.Single(new PayloadReplay(AlertDocument.WebhookBody).Replay(alert, replayed, [delivery], s_none));

        Assert.Null(same.Problem);
        Assert.Equal((alert.Notice!.Body, alert.Notice.Body, 2L), (same.Body, same.StoredBody, same.Record));
        var other = alert with { Analysis = analysis with { Text = "Nothing happened." } };
        Assert.Contains("not what was sent", Assert.Single(new PayloadReplay(AlertDocument.WebhookBody).Replay(other, replayed, [delivery], s_none)).Problem);
        var longer = replayed.Select(report => report with { Episode = report.Episode with { OpenedValue = 5m } }).ToList();
        Assert.Contains("computed …", Assert.Single(new PayloadReplay(AlertDocument.WebhookBody).Replay(alert, longer, [delivery], s_none)).Problem);
        Assert.Contains("no record any more", Assert.Single(new PayloadReplay(AlertDocument.WebhookBody).Replay(alert, [], [delivery], s_none)).Problem);
    }

    [Fact]
    public async Task A_message_of_an_earlier_revision_is_written_again_with_the_analysis_that_the_evidence_has()
    {
        await using var database = await server.CreateAsync();
        var reports = await TradeAsync(database, new DeskRisk(Desk));
        var lifecycle = new AlertLifecycle(AlertPolicy.Default, AlertDocument.WebhookBody);
        var first = new RecordedAnalysis(new Analysis("Over by 100.", "{}", "llm"), Samples.Noon.AddSeconds(2));
        var alert = lifecycle.Analysed(lifecycle.OnReport(null, reports[0], Samples.Noon.AddSeconds(1)).Alert, 1, first.Analysis, first.At).Alert;
        var delivery = Logged(alert, alert.Notice!);
        alert = lifecycle.OnReport(alert, reports[1], Samples.Noon.AddMinutes(2)).Alert;
        alert = lifecycle.Analysed(alert, 2, new Analysis("Over by 4,000.", "{}", "rules"), Samples.Noon.AddMinutes(3)).Alert;
        var replayed = (await ReplayAsync(database)).Reports;
        var replay = new PayloadReplay(AlertDocument.WebhookBody);

        Assert.Contains("is not kept", Assert.Single(replay.Replay(alert, replayed, [delivery], s_none)).Problem);
        Assert.Null(Assert.Single(replay.Replay(alert, replayed, [delivery], new Dictionary<int, RecordedAnalysis> { [1] = first })).Problem);
    }

    /// <summary>A breach that escalates and is cured, and records without one.</summary>
    private static async Task<List<EpisodeReport>> TradeAsync(TestDatabase database, DeskRisk risk)
    {
        var reports = new List<EpisodeReport>();
        var minute = 0;
        foreach (var record in (JournalRecord[])
            [
                Samples.FirstRecord(risk), Samples.Trade(risk, 1_100m, Samples.Noon.AddMinutes(++minute)), Samples.Trade(risk, 5_000m, Samples.Noon.AddMinutes(++minute)),
                Samples.Trade(risk, 5_100m, Samples.Noon.AddMinutes(++minute)), Samples.Trade(risk, 10m, Samples.Noon.AddMinutes(++minute)),
                Samples.Trade(risk, 20m, Samples.Noon.AddMinutes(++minute)),
            ])
        {
            await database.Journal.AppendAsync(record, default);
            reports.AddRange(record.Outbox);
        }

        return reports;
    }

    private static async Task<(ReplayReach? Reach, List<EpisodeReport> Reports)> ReplayAsync(TestDatabase database, string desk = Desk, long? through = null)
    {
        var reports = new List<EpisodeReport>();
        return (await database.Get<IJournalReplay>().ReplayAsync(desk, through, reports.AddRange, default), reports);
    }

    private static async Task<BreachComparison> CompareAsync(TestDatabase database, IEnumerable<Alert> alerts, EpisodeReport? unsent = null, DateTimeOffset? from = null)
    {
        var comparison = new BreachComparison(from ?? Samples.Noon, Samples.Noon.AddDays(1));
        var reach = await database.Get<IJournalReplay>().ReplayAsync(Desk, null, comparison.Add, default);
        comparison.Computed(Desk, reach!.From, reach.Last);
        foreach (var alert in alerts)
        {
            comparison.Add(alert);
        }

        if (unsent is not null)
        {
            comparison.Waits(unsent);
        }

        return comparison;
    }

    private static Alert Alert(EpisodeReport report) => new()
    {
        AlertId = report.Episode.AlertId,
        RequestId = AlertIdentity.RequestId(report.Desk, report.Episode.Cause),
        TraceId = AlertIdentity.TraceId(report.Desk, report.Episode.Cause),
        Report = report,
        Status = AlertStatus.PendingAnalysis,
        Receipt = new LatencyReceipt(null, null, report.Episode.OpenedAt, null, null, null),
    };

    private static LoggedDelivery Logged(Alert alert, Notification message) => new(
        message.DeliveryId, alert.AlertId, alert.Desk, "webhook", message.Kind.TypeName(), message.Revision, true, "pending", 0, null, message.CreatedAt, message.CreatedAt, null, null, null, null, null);

    public sealed class OnSqlite() : JournalReplayTests(TestServer.Sqlite);

    public sealed class OnMariaDb() : JournalReplayTests(TestServer.MariaDb);
}
