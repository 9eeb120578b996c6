using FsCheck;
using FsCheck.Fluent;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Risk.Tests.Desks;

/// <summary>What a desk was at an instant is a matter of what was committed by then, and of nothing else.</summary>
public class DeskHistoryProperties
{
    private static Gen<PositionChange[]> Logs =>
        from length in Gen.Choose(1, 60)
        from changes in Gen.ArrayOf(
            from position in Gen.Choose(0, 5)
            from isGone in Gen.Choose(0, 4)
            from delta in Gen.Choose(-2_000, 2_000)
            from quantity in Gen.Choose(-1_000, 1_000)
            from security in Gen.Choose(0, 2)
            from late in Gen.Choose(0, 20)
            select (position, isGone, delta, quantity, security, late),
            length)
        select changes.Select((change, offset) => new PositionChange(
            new Delivery(TestDesk.Feed, 0, offset),
            $"P{change.position}",
            change.isGone == 0 ? null : TestDesk.Row($"P{change.position}", change.delta, security: $"s{change.security}") with { Quantity = change.quantity / 8m },
            null,
            null,
            new SourceTime(At(offset - change.late), false, null))).ToArray();

    [Fact]
    public void It_does_not_depend_on_batching() =>
        Prop.ForAll(Logs.Zip(Gen.Choose(0, 60)).Zip(Gen.ListOf(Gen.Choose(1, 9))).ToArbitrary(), input =>
        {
            var ((log, until), cuts) = input;
            var one = AsOf(Records(log, []), At(until));
            var other = AsOf(Records(log, [.. cuts]), At(until));
            Assert.Equal(one.Totals, other.Totals);
            Assert.Equal(one.OpenEpisodes.Select(episode => (episode.Number, episode.Value, episode.Revision)), other.OpenEpisodes.Select(episode => (episode.Number, episode.Value, episode.Revision)));
            Assert.Equal(one.Breakdown.Securities.OrderBy(leaf => leaf.Key), other.Breakdown.Securities.OrderBy(leaf => leaf.Key));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void A_past_desk_equals_a_desk_that_received_only_the_changes_of_that_time() =>
        Prop.ForAll(Logs.Zip(Gen.Choose(0, 60)).ToArbitrary(), input =>
        {
            var (log, until) = input;
            var past = AsOf(Records(log, [5]), At(until));
            var told = new TestDesk();
            told.Change([.. log.Where(change => change.Time!.Value.CommittedAt <= At(until))]);
            var now = told.Desk.ToView(null);
            Assert.Equal((now.Totals, now.OldestDeltaAt, now.Unit), (past.Totals, past.OldestDeltaAt, past.Unit));
            Assert.Equal(now.Offsets, past.Offsets);
            Assert.Equal(now.Breakdown.Securities.OrderBy(leaf => leaf.Key), past.Breakdown.Securities.OrderBy(leaf => leaf.Key));
            Assert.Equal(now.OpenEpisodes.Select(episode => (episode.AlertId, episode.Value)), past.OpenEpisodes.Select(episode => (episode.AlertId, episode.Value)));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void At_its_end_it_is_the_desk_of_now() =>
        Prop.ForAll(Logs.ToArbitrary(), log =>
        {
            var records = Records(log, [4]);
            var desk = new DeskRisk(TestDesk.Name);
            records.ForEach(desk.Replay);
            var (now, past) = (desk.ToView(null), AsOf(records, At(1_000)));
            Assert.Equal((now.Totals, now.Sequence, now.LimitsAsOf), (past.Totals, past.Sequence, past.LimitsAsOf));
            Assert.Equal(now.OpenEpisodes, past.OpenEpisodes);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));

    private static DateTimeOffset At(int second) => TestDesk.Start.AddSeconds(second);

    private static DeskView AsOf(IEnumerable<JournalRecord> records, DateTimeOffset asOf)
    {
        var desk = new DeskRisk(TestDesk.Name);
        foreach (var record in records)
        {
            desk.ReplayAsOf(record, asOf);
        }

        desk.ArriveAt(asOf);
        return desk.ToView(null);
    }

    /// <summary>The limits first, then the log in batches, received after its last change.</summary>
    private static List<JournalRecord> Records(PositionChange[] log, int[] cuts)
    {
        var desk = new TestDesk { Now = At(500) };
        var at = 0;
        for (var i = 0; at < log.Length; i++)
        {
            var size = cuts.Length == 0 ? log.Length : cuts[i % cuts.Length];
            desk.Apply(new ChangesInput(At(100), TestDesk.Feed, log[at..Math.Min(at + size, log.Length)], default, FeedState.Live, At(100)));
            at += size;
        }

        return desk.Journal;
    }
}
