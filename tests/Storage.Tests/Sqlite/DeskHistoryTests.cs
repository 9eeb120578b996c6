using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Positions;
using RiskMonitor.Storage.Journal;

namespace RiskMonitor.Storage.Tests.Sqlite;

public abstract class DeskHistoryTests(TestServer server)
{
    private const string Desk = "Rates/EMEA";

    [Fact]
    public async Task A_desk_that_nobody_has_heard_of_has_no_past()
    {
        await using var database = await server.CreateAsync();

        Assert.Null(await History(database).AsOfAsync(Desk, Samples.Noon, default));
    }

    [Fact]
    public async Task A_change_counts_from_its_commit_however_late_it_came()
    {
        await using var database = await server.CreateAsync();
        var risk = new DeskRisk(Desk);
        await AppendAsync(database, Samples.Record(risk, Noon(10), Samples.Changes(Noon(10), Committed("p-1", 1m, Noon(1), 1), Committed("p-2", 10m, Noon(3), 2))));
        await AppendAsync(database, Samples.Record(risk, Noon(20), Samples.Changes(Noon(20), Committed("p-3", 100m, Noon(2), 3))));

        Assert.Equal([1m, 1m, 101m, 111m], await Task.WhenAll(new[] { Noon(1), Noon(2).AddTicks(-1), Noon(2), Noon(3) }.Select(at => NetAsync(database, at))));
        var early = Assert.IsType<BeforeHistory>(await History(database).AsOfAsync(Desk, Noon(1).AddTicks(-1), default));
        Assert.Equal(new HistoryReach(Noon(1), Noon(1)), early.Reach);
    }

    [Fact]
    public async Task An_answer_says_through_which_change_it_goes_and_what_the_desk_had_been_told_of_the_feed()
    {
        await using var database = await server.CreateAsync();
        var risk = new DeskRisk(Desk);
        await AppendAsync(database, Samples.Record(risk, Noon(10), Samples.Changes(Noon(10), Committed("p-1", 1m, Noon(1), 1)) with { FeedState = FeedState.Unproven }));
        await AppendAsync(database, Samples.Record(risk, Noon(20), Samples.Changes(Noon(20), Committed("p-2", 1m, Noon(9), 2))));

        var before = Assert.IsType<PastState>(await History(database).AsOfAsync(Desk, Noon(9), default));
        Assert.Equal((Noon(9), FeedState.Live), (before.AppliedThrough, before.FeedState));
        var told = Assert.IsType<PastState>(await History(database).AsOfAsync(Desk, Noon(15), default));
        Assert.Equal((2L, FeedState.Unproven), (told.View.Sequence, told.FeedState));
        Assert.Equal(2L, told.View.Offsets.Values.Single());
    }

    [Fact]
    public async Task A_limit_holds_from_when_the_desk_was_told_and_ends_by_itself()
    {
        await using var database = await server.CreateAsync();
        var risk = new DeskRisk(Desk);
        var limits = new LimitSet(1, AlertingScope.Default, [Samples.Limit("house", 1_000m) with { ValidTo = Noon(30) }]);
        await AppendAsync(database, Samples.Record(risk, Noon(10), Samples.Changes(Noon(10), Committed("p-1", 1_500m, Noon(1), 1))));
        await AppendAsync(database, Samples.Record(risk, Noon(20), new LimitsInput(Noon(20), limits)));

        var untold = await DeskViewAsync(database, Noon(19));
        Assert.Equal((0, 0), (untold.Limits.Limits.Count, untold.OpenEpisodes.Count));
        Assert.Single((await DeskViewAsync(database, Noon(30).AddTicks(-1))).OpenEpisodes);

        // Nobody was there to tell the desk that the instant had come.
        var ended = await DeskViewAsync(database, Noon(30));
        Assert.Equal((0, Noon(30)), (ended.OpenEpisodes.Count, ended.LimitsAsOf));
    }

    [Fact]
    public async Task Rows_of_a_snapshot_that_was_not_complete_yet_are_no_plain_truth()
    {
        await using var database = await server.CreateAsync();
        var risk = new DeskRisk(Desk);
        var first = new SnapshotProgress(1, default);
        await AppendAsync(database, Samples.Record(risk, Noon(10), Samples.Changes(Noon(10), Committed("p-1", 5m, Noon(1), 1)) with { Snapshot = first }));
        await AppendAsync(database, Samples.Record(risk, Noon(20), new SnapshotCompletedInput(Noon(20), Samples.Feed, new CompletedSnapshot(1, null), FeedState.Live)));

        Assert.True((await DeskViewAsync(database, Noon(2))).IsBuilding);
        Assert.True((await DeskViewAsync(database, Noon(19))).IsBuilding);
        Assert.False((await DeskViewAsync(database, Noon(20))).IsBuilding);
    }

    [Fact]
    public async Task One_absurd_commit_time_does_not_hide_the_past_behind_it()
    {
        await using var database = await server.CreateAsync(options => (options.StateInterval, options.JournalRetention) = (TimeSpan.FromTicks(1), TimeSpan.Zero));
        var risk = new DeskRisk(Desk);
        await AppendAsync(database, Samples.Record(risk, Noon(1), Samples.Changes(Noon(1), Committed("p-1", 5m, Noon(0).AddYears(70), 1))));
        Assert.True(await database.Journal.FoldAsync(risk.Fold(0), default));
        await database.Get<IJournalRetention>().KeepStatesAsync(Noon(1), default);

        Assert.Equal(1, await database.Get<IJournalRetention>().PruneAsync(Noon(1), default));
        Assert.Equal(5m, await NetAsync(database, Noon(1)));
    }

    [Fact]
    public async Task The_past_is_asked_for_while_the_desk_trades_and_its_writer_goes_on()
    {
        await using var database = await server.CreateAsync(options => (options.StateInterval, options.StateAfterBytes) = (TimeSpan.FromTicks(1), 1));
        await using var reader = await database.OpenAgainAsync();
        var risk = new DeskRisk(Desk);
        await AppendAsync(database, Samples.Record(risk, Noon(0), Samples.Changes(Noon(0), Committed("p-0", 0m, Noon(0), 1))));
        var trading = Task.Run(async () =>
        {
            for (var n = 1; n <= 300; n++)
            {
                await AppendAsync(database, Samples.Record(risk, Noon(n), Samples.Changes(Noon(n), Committed("p-0", n, Noon(n), n + 1))));
                if (n % 10 == 0)
                {
                    Assert.True(await database.Journal.FoldAsync(risk.Fold(n == 10 ? 0 : risk.Sequence - 10), default));
                    Assert.Equal(1, await database.Get<IJournalRetention>().KeepStatesAsync(Noon(n), default));
                }
            }
        });
        var asked = 0;
        while (!trading.IsCompleted)
        {
            // What is durable by now stays the answer for its instant.
            var newest = Assert.IsType<PastState>(await History(reader).AsOfAsync(Desk, Noon(1_000), default));
            Assert.Equal(newest.View.Sequence - 1, newest.View.Totals.Net);
            var at = (int)newest.View.Totals.Net / 2;
            Assert.Equal(at, await NetAsync(reader, Noon(at)));
            asked++;
        }

        await trading;
        Assert.True(asked > 0);
        Assert.Equal(150m, await NetAsync(reader, Noon(150)));
    }

    private static DateTimeOffset Noon(int seconds) => Samples.Noon.AddSeconds(seconds);

    private static PositionChange Committed(string positionId, decimal delta, DateTimeOffset at, long offset) =>
        Samples.Change(Desk, positionId, delta, offset) with { Source = null, Time = new SourceTime(at, false, null) };

    private static IDeskHistory History(TestDatabase database) => database.Get<IDeskHistory>();

    private static async Task<DeskView> DeskViewAsync(TestDatabase database, DateTimeOffset asOf) =>
        Assert.IsType<PastState>(await History(database).AsOfAsync(Desk, asOf, default)).View;

    private static async Task<decimal> NetAsync(TestDatabase database, DateTimeOffset asOf) => (await DeskViewAsync(database, asOf)).Totals.Net;

    private static Task AppendAsync(TestDatabase database, JournalRecord record) => database.Journal.AppendAsync(record, default);

    public sealed class OnSqlite() : DeskHistoryTests(TestServer.Sqlite);

    public sealed class OnMariaDb() : DeskHistoryTests(TestServer.MariaDb);
}
