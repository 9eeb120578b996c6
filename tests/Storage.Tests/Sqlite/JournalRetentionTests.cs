using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Storage.Journal;

namespace RiskMonitor.Storage.Tests.Sqlite;

public abstract class JournalRetentionTests(TestServer server)
{
    private const string Desk = "Rates/EMEA";
    private static readonly TimeSpan Retention = TimeSpan.FromDays(7);

    [Fact]
    public async Task Records_go_once_a_kept_state_as_old_as_the_retention_stands_for_them()
    {
        await using var database = await server.CreateAsync();
        var risk = new DeskRisk(Desk);
        await AppendAsync(database, Samples.FirstRecord(risk), Samples.Trade(risk, 10m));
        Assert.Equal(0, await PruneAsync(database, Samples.Noon.AddDays(100)));
        await FoldAsync(database, risk, 0);
        Assert.Equal(0, await PruneAsync(database, Samples.Noon.AddDays(100)));

        Assert.Equal(1, await KeepAsync(database, Samples.Noon));
        await AppendAsync(database, Samples.Trade(risk, 30m, Samples.Noon.AddTicks(1)));
        Assert.Equal(0, await PruneAsync(database, Samples.Noon + Retention - TimeSpan.FromTicks(1)));
        Assert.Equal(2, await PruneAsync(database, Samples.Noon + Retention));
        Assert.Equal(0, await PruneAsync(database, Samples.Noon.AddDays(100)));

        var stored = await database.Journal.LoadAsync(Desk, default);
        Assert.Equal([3L], stored.Tail.Select(record => record.Sequence));
        await AppendAsync(database, Samples.Trade(risk, 40m));
    }

    [Fact]
    public async Task Pruning_never_passes_a_report_that_nobody_confirmed()
    {
        await using var database = await server.CreateAsync();
        var risk = new DeskRisk(Desk);
        await AppendAsync(database, Samples.FirstRecord(risk), Samples.Trade(risk, 1_100m), Samples.Trade(risk, 1_101m));
        await FoldAsync(database, risk, 0);
        await KeepAsync(database, Samples.Noon);
        Assert.Equal(1, await PruneAsync(database, Samples.Noon.AddDays(100)));

        var journal = database.Journal;
        var report = Assert.Single(await journal.UnsentAsync(null, 10, default));
        await journal.SentAsync(report.Episode.AlertId, report.Sequence, default);
        Assert.Equal(2, await PruneAsync(database, Samples.Noon.AddDays(100)));
    }

    [Fact]
    public async Task A_state_is_kept_when_the_last_one_is_old_or_far_back_and_only_if_the_desk_was_folded_since()
    {
        await using var database = await server.CreateAsync(options => (options.StateInterval, options.StateAfterBytes) = (TimeSpan.FromHours(1), 2_000));
        var risk = new DeskRisk(Desk);
        await AppendAsync(database, Samples.FirstRecord(risk));
        Assert.Equal(0, await KeepAsync(database, Samples.Noon));
        await FoldAsync(database, risk, 0);
        Assert.Equal(1, await KeepAsync(database, Samples.Noon));
        Assert.Equal(0, await KeepAsync(database, Samples.Noon.AddDays(1)));

        await AppendAsync(database, Samples.Trade(risk, 1m));
        Assert.Equal(0, await KeepAsync(database, Samples.Noon.AddDays(1)));
        await FoldAsync(database, risk, 1);
        Assert.Equal(0, await KeepAsync(database, Samples.Noon.AddHours(1).AddTicks(-1)));
        Assert.Equal(1, await KeepAsync(database, Samples.Noon.AddHours(1)));

        await AppendAsync(database, [.. Enumerable.Range(0, 30).Select(n => Samples.Trade(risk, n))]);
        await FoldAsync(database, risk, 2);
        Assert.Equal(1, await KeepAsync(database, Samples.Noon.AddHours(1)));
    }

    [Fact]
    public async Task Of_the_states_whose_journal_is_gone_the_last_of_each_day_stays_until_its_own_retention_ends()
    {
        await using var database = await server.CreateAsync(options => (options.StateInterval, options.StateRetention) = (TimeSpan.FromMinutes(1), TimeSpan.FromDays(30)));
        var risk = new DeskRisk(Desk);
        for (var hours = 0; hours < 96; hours += 3)
        {
            var at = Samples.Noon.AddHours(hours);
            await AppendAsync(database, Samples.Trade(risk, hours, at));
            await FoldAsync(database, risk, risk.Sequence - 1);
            await KeepAsync(database, at);
        }

        var now = Samples.Noon.AddHours(93) + Retention;
        await PruneAsync(database, now);
        var history = database.Get<IDeskHistory>();
        var noons = await Task.WhenAll(Enumerable.Range(1, 3).Select(day => history.AsOfAsync(Desk, Samples.Noon.AddDays(day), default)));
        Assert.Equal(
            [Samples.Noon.AddHours(9), Samples.Noon.AddHours(33), Samples.Noon.AddHours(57)],
            noons.Cast<PastState>().Select(state => state.StandsOn!.Value));
        Assert.Equal(new HistoryReach(Samples.Noon.AddHours(9), Samples.Noon.AddHours(93)), await ReachAsync(history));

        await PruneAsync(database, Samples.Noon.AddDays(1).AddDays(30));
        Assert.Equal(Samples.Noon.AddHours(33), (await ReachAsync(history)).Earliest);

        // The newest state is all that is left of a desk that nobody trades on any more.
        await PruneAsync(database, Samples.Noon.AddDays(1_000));
        Assert.Equal(93m, Assert.IsType<PastState>(await history.AsOfAsync(Desk, Samples.Noon.AddDays(900), default)).View.Totals.Net);
    }

    [Fact]
    public async Task A_long_journal_is_removed_in_small_steps()
    {
        await using var database = await server.CreateAsync();
        var risk = new DeskRisk(Desk);
        await AppendAsync(database, [.. Enumerable.Range(0, 1_200).Select(n => Samples.Trade(risk, n))]);
        await FoldAsync(database, risk, 0);
        await KeepAsync(database, Samples.Noon);

        var removed = new List<int>();
        do
        {
            removed.Add(await database.Get<IJournalRetention>().PruneAsync(Samples.Noon.AddDays(100), default));
        }
        while (removed[^1] > 0);
        Assert.Equal([500, 500, 200, 0], removed);
    }

    [Fact]
    public async Task Two_processes_that_keep_states_at_once_keep_one_after_the_other()
    {
        await using var database = await server.CreateAsync(options => options.StateInterval = TimeSpan.FromTicks(1));
        await using var other = await database.OpenAgainAsync(options => options.StateInterval = TimeSpan.FromTicks(1));
        var risk = new DeskRisk(Desk);
        for (var n = 0; n < 20; n++)
        {
            await AppendAsync(database, Samples.Trade(risk, n, Samples.Noon.AddMinutes(n)));
            await FoldAsync(database, risk, n);
            await Task.WhenAll(KeepAsync(database, Samples.Noon.AddMinutes(n)), KeepAsync(other, Samples.Noon.AddMinutes(n)));
        }

        var stretches = await database.RowsAsync(
            "SELECT previous, sequence FROM desk_states ORDER BY sequence", row => (row.GetInt64(0), row.GetInt64(1)));
        Assert.Equal(Enumerable.Range(0, 20).Select(n => ((long)n, n + 1L)), stretches);
    }

    private static async Task<HistoryReach> ReachAsync(IDeskHistory history) =>
        Assert.IsType<BeforeHistory>(await history.AsOfAsync(Desk, DateTimeOffset.MinValue, default)).Reach;

    private static Task<int> KeepAsync(TestDatabase database, DateTimeOffset now) => database.Get<IJournalRetention>().KeepStatesAsync(now, default);

    private static async Task<int> PruneAsync(TestDatabase database, DateTimeOffset now)
    {
        var removed = 0;
        while (await database.Get<IJournalRetention>().PruneAsync(now, default) is var step and > 0)
        {
            removed += step;
        }

        return removed;
    }

    private static async Task FoldAsync(TestDatabase database, DeskRisk risk, long foldedBefore) =>
        Assert.True(await database.Journal.FoldAsync(risk.Fold(foldedBefore), default));

    private static Task AppendAsync(TestDatabase database, params IReadOnlyList<JournalRecord> records) =>
        Task.WhenAll(records.Select(record => database.Journal.AppendAsync(record, default)).ToList());

    public sealed class OnSqlite() : JournalRetentionTests(TestServer.Sqlite);

    public sealed class OnMariaDb() : JournalRetentionTests(TestServer.MariaDb);
}
