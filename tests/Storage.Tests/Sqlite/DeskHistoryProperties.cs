using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Journal;

namespace RiskMonitor.Storage.Tests.Sqlite;

/// <summary>Whatever was batched, folded, kept, pruned and restarted: an answer about the past is what the plainest reading of the journal says.</summary>
public abstract partial class DeskHistoryProperties(TestServer server, int stories)
{
    [Fact]
    public void An_answer_about_the_past_holds_exactly_what_was_committed_by_then() => Prop
        .ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed => RunAsync(server, seed).GetAwaiter().GetResult())
        .Check(Config.QuickThrowOnFailure.WithMaxTest(stories));

    private static async Task RunAsync(TestServer server, int seed)
    {
        await using var story = await DeskStory.BeginAsync(server, seed);
        var random = new Random(seed);
        for (var steps = random.Next(10, 120); steps > 0; steps--)
        {
            await story.GoOnAsync();
            if (random.Next(4) == 0)
            {
                await AskAsync(story, Instant(story, random));
            }
        }

        for (var questions = 40; questions > 0; questions--)
        {
            await AskAsync(story, Instant(story, random));
        }

        await AskAsync(story, story.ExactFrom);
        await CheckReachAsync(story);
    }

    /// <summary>Mostly where something changes, or right before it.</summary>
    private static DateTimeOffset Instant(DeskStory story, Random random)
    {
        var instants = NaivePast.Instants(story.Records).Append(story.Now).ToList();
        var instant = instants[random.Next(instants.Count)];
        return random.Next(3) switch
        {
            0 => instant,
            1 => instant.AddTicks(-1),
            _ => instant.AddTicks(random.NextInt64(TimeSpan.TicksPerHour)),
        };
    }

    private static async Task AskAsync(DeskStory story, DateTimeOffset asOf)
    {
        var begin = NaivePast.Instants(story.Records).Min();
        switch (await story.History.AsOfAsync(DeskStory.Desk, asOf, default))
        {
            case BeforeHistory before:
                Assert.True(asOf < before.Reach.Earliest);
                Assert.True(asOf < story.ExactFrom || asOf < begin, $"nothing as of {asOf:O}, though answers are exact from {story.ExactFrom:O}");
                break;
            case PastState { IsExact: true } exact:
                Assert.True(asOf >= begin);
                AssertSame(story.Records, asOf, exact);
                Assert.Equal(Comparable(Replayed(story.Records, asOf)), Comparable(exact.View));
                break;
            case PastState { StandsOn: { } standsOn } kept:
                Assert.True(asOf < story.ExactFrom, $"not exact as of {asOf:O}, though answers are from {story.ExactFrom:O}");
                var records = story.Records.Where(record => record.Sequence <= kept.View.Sequence).ToList();
                Assert.Equal(NaivePast.Instants(records).Max(), standsOn);
                Assert.True(standsOn <= asOf);
                AssertSame(records, standsOn, kept);
                break;
            default:
                Assert.Fail("the desk is unknown");
                break;
        }
    }

    private static async Task CheckReachAsync(DeskStory story)
    {
        var reach = Assert.IsType<BeforeHistory>(await story.History.AsOfAsync(DeskStory.Desk, DateTimeOffset.MinValue, default)).Reach;
        Assert.True(reach.Earliest <= reach.ExactFrom);
        Assert.IsType<BeforeHistory>(await story.History.AsOfAsync(DeskStory.Desk, reach.Earliest.AddTicks(-1), default));
        Assert.IsType<PastState>(await story.History.AsOfAsync(DeskStory.Desk, reach.Earliest, default));
        Assert.True(Assert.IsType<PastState>(await story.History.AsOfAsync(DeskStory.Desk, reach.ExactFrom, default)).IsExact);
    }

    private static void AssertSame(IReadOnlyList<JournalRecord> records, DateTimeOffset asOf, PastState state)
    {
        var naive = new NaivePast(records, asOf);
        var view = state.View;
        Assert.Equal((naive.Net, naive.Gross, naive.Rows.Count()), (view.Totals.Net, view.Totals.Gross, view.Totals.Count));
        Assert.Equal(naive.Rows.Count(row => row.Delta is null), view.Totals.Missing);
        Assert.Equal(
            naive.Rows.GroupBy(row => (row.SecurityId, row.Currency)).Select(rows => (rows.Key, (decimal?)rows.Sum(row => row.Quantity))).Order(),
            view.Breakdown.Securities.Select(leaf => ((leaf.Key, leaf.Currency), leaf.Quantity)).Order());
        Assert.Equal((naive.IsBuilding, naive.FeedState, naive.AppliedThrough), (view.IsBuilding, state.FeedState, state.AppliedThrough));
        Assert.Equal(naive.Limits, view.Limits);
    }

    private static DeskView Replayed(IEnumerable<JournalRecord> records, DateTimeOffset asOf)
    {
        var desk = new DeskRisk(DeskStory.Desk);
        foreach (var record in records)
        {
            desk.ReplayAsOf(record, asOf);
        }

        desk.ArriveAt(asOf);
        return desk.ToView(null);
    }

    /// <summary>Everything that a view says, with its sets in one order and its decimals without the zeros at their ends.</summary>
    private static string Comparable(DeskView view) => ZerosAtTheEnd().Replace(Shape.Of(view with
    {
        At = null,
        OpenEpisodes = [.. view.OpenEpisodes.OrderBy(episode => episode.Key.ToString(), StringComparer.Ordinal)],
        Offsets = new SortedDictionary<Risk.Positions.FeedPartition, long>(view.Offsets.ToDictionary(), Comparer<Risk.Positions.FeedPartition>.Create((a, b) => a.Partition.CompareTo(b.Partition))),
        Breakdown = new DeskBreakdown(Sorted(view.Breakdown.Currencies), Sorted(view.Breakdown.Traders), Sorted(view.Breakdown.Securities)),
    }), "$1");

    private static List<TotalsLeaf> Sorted(IEnumerable<TotalsLeaf> leaves) =>
        [.. leaves.OrderBy(leaf => leaf.Key, StringComparer.Ordinal).ThenBy(leaf => leaf.Currency, StringComparer.Ordinal)];

    [GeneratedRegex(@"\.0+\b|(\.\d*[1-9])0+\b")]
    private static partial Regex ZerosAtTheEnd();

    public sealed class OnSqlite() : DeskHistoryProperties(TestServer.Sqlite, 50);

    public sealed class OnMariaDb() : DeskHistoryProperties(TestServer.MariaDb, 5);
}
