using FsCheck;
using FsCheck.Fluent;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Risk.Tests.Desks;

/// <summary>Whatever the batching, the repetition of batches and the crashes: a desk is what a naive model makes of the log, one change at a time.</summary>
public class DeskRiskProperties
{
    private const decimal Threshold = 1_000m;

    private static Gen<PositionChange[]> Logs =>
        from length in Gen.Choose(0, 120)
        from changes in Gen.ArrayOf(
            from position in Gen.Choose(0, 7)
            from kind in Gen.Choose(0, 9)
            from cents in Gen.Choose(-9_000_000, 9_000_000)
            from trader in Gen.Choose(0, 2)
            from security in Gen.Choose(0, 2)
            from currency in Gen.Elements("USD", "USD", "USD", "EUR")
            from transaction in Gen.Choose(0, 40)
            from units in Gen.Choose(-1_000, 1_000)
            select (position, kind, cents, trader, security, currency, transaction, units),
            length)
        select changes.Select((change, offset) => new PositionChange(
            new Delivery(TestDesk.Feed, 0, offset),
            $"P{change.position}",
            change.kind switch
            {
                0 or 1 => null,
                2 => TestDesk.Row($"P{change.position}", null, $"t{change.trader}", $"s{change.security}", change.currency),
                _ => TestDesk.Row($"P{change.position}", change.cents / 10_000m, $"t{change.trader}", $"s{change.security}", change.currency) with { Quantity = change.units / 8m },
            },
            new SourcePosition("binlog", 1, 1_000 + offset, 0),
            change.transaction < 8 ? $"gtid-{offset / 3}" : null,
            null)).ToArray();

    /// <summary>How the log meets the desk: where batches end, how often each is sent, where the process dies and what it had folded.</summary>
    private static Gen<Journey> Journeys =>
        from cuts in Gen.ListOf(Gen.Choose(1, 15))
        from repeats in Gen.ListOf(Gen.Choose(1, 3))
        from accidents in Gen.ListOf(Gen.Choose(0, 6))
        select new Journey([.. cuts], [.. repeats], [.. accidents]);

    [Fact]
    public void Any_batching_repetition_and_crash_leads_to_what_one_by_one_application_says() =>
        Prop.ForAll(Logs.Zip(Journeys).ToArbitrary(), input =>
        {
            var (log, journey) = input;
            var naive = new NaiveDesk(Threshold);
            foreach (var change in log)
            {
                naive.Apply(change);
            }

            var desk = new TestDesk(Threshold);
            Travel(desk, log, journey);
            AssertSame(naive, desk);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(400));

    [Fact]
    public void A_desk_loaded_from_its_journal_is_the_desk_that_wrote_it() =>
        Prop.ForAll(Logs.ToArbitrary(), log =>
        {
            var desk = new TestDesk(Threshold);
            foreach (var batch in log.Chunk(7))
            {
                desk.Change(batch);
            }

            var before = desk.Desk.ToView(null);
            var episodes = desk.Desk.Checkpoint().Episodes;
            desk.Reload();
            var after = desk.Desk.ToView(null);
            Assert.Equal(before.Totals, after.Totals);
            Assert.Equal(before.Sequence, after.Sequence);
            Assert.Equal(before.Offsets, after.Offsets);
            Assert.Equal(before.OldestDeltaAt, after.OldestDeltaAt);
            Assert.Equal(episodes, desk.Desk.Checkpoint().Episodes);
            Assert.Equal(before.Breakdown.BySecurity(), after.Breakdown.BySecurity());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    private static void Travel(TestDesk desk, PositionChange[] log, Journey journey)
    {
        DeskCheckpoint? checkpoint = null;
        List<HeldPosition> folded = [];
        var at = 0;
        for (var i = 0; at < log.Length; i++)
        {
            var size = journey.Cut(i);
            var batch = log[at..Math.Min(at + size, log.Length)];
            at += batch.Length;
            for (var sent = 0; sent < journey.Repeats(i); sent++)
            {
                // A repeated delivery may also begin earlier, as it does after a restart from an older offset.
                var from = sent == 0 ? 0 : Math.Max(0, at - batch.Length - 5);
                desk.Change(sent == 0 ? batch : log[from..at]);
            }

            switch (journey.Accident(i))
            {
                case 1:
                    desk.Reload(checkpoint, folded);
                    break;
                case 2:
                    var fold = desk.Desk.Fold(checkpoint?.Sequence ?? 0);
                    checkpoint = fold.Checkpoint;
                    folded = [.. folded.Where(held => !fold.Removed.Contains(held.Row.PositionId) && fold.Changed.All(changed => changed.Row.PositionId != held.Row.PositionId)), .. fold.Changed];
                    break;
                case 3:
                    // The process dies before the record is durable: the desk forgets it, and the sender repeats.
                    if (desk.Journal.Count > 1 && desk.Journal[^1].Sequence > (checkpoint?.Sequence ?? 0))
                    {
                        desk.Journal.RemoveAt(desk.Journal.Count - 1);
                        desk.Reload(checkpoint, folded);
                        var applied = desk.Desk.Checkpoint().Offsets.GetValueOrDefault(new FeedPartition(TestDesk.Feed, 0), -1);
                        at = (int)applied + 1;
                    }

                    break;
            }
        }
    }

    private static void AssertSame(NaiveDesk naive, TestDesk desk)
    {
        Assert.Equal(naive.Net, desk.Desk.Totals.Net);
        Assert.Equal(naive.Gross, desk.Desk.Totals.Gross);
        Assert.Equal(naive.Rows.Count, desk.Desk.Totals.Count);
        Assert.Equal(naive.Rows.Values.Count(row => row.Delta is null), desk.Desk.Totals.Missing);
        var breakdown = desk.Desk.ToView(null).Breakdown;
        Assert.All(breakdown.ByTrader(), group => Assert.Equal(naive.NetOf(row => row.TraderId == group.Key), group.Totals.Net));
        Assert.All(breakdown.BySecurity(), group => Assert.Equal(naive.NetOf(row => row.SecurityId == group.Key), group.Totals.Net));
        Assert.All(breakdown.ByCurrency(), group => Assert.Equal(naive.NetOf(row => row.Currency == group.Key), group.Totals.Net));
        Assert.All(breakdown.Securities, leaf => Assert.Equal(
            naive.Rows.Values.Where(row => (row.SecurityId, row.Currency) == (leaf.Key, leaf.Currency)).Sum(row => row.Quantity), leaf.Quantity));
        Assert.All([.. breakdown.Traders, .. breakdown.Currencies], leaf => Assert.Null(leaf.Quantity));
        Assert.Equal(naive.Rows.Values.Select(row => row.TraderId).Distinct().Order(), breakdown.ByTrader().Select(group => group.Key).Order());

        var key = new EpisodeKey(RiskMetric.NetDelta, "intraday", "standard");
        var told = desk.Journal.SelectMany(record => record.Episodes).Where(episode => episode.Key == key)
            .GroupBy(episode => episode.Number).OrderBy(group => group.Key).Select(group => group.Last()).ToList();
        Assert.Equal(
            naive.Episodes.Select((episode, i) => (AlertIdentity.AlertId(TestDesk.Name, key, i + 1), episode.OpenedAt, episode.Value, episode.Revision, episode.CuredAt is null, episode.Transient)),
            told.Select(episode => (episode.AlertId, episode.Cause.Delivery!.Value.Offset, episode.OpenedValue, episode.Revision, episode.IsOpen, episode.Transient)));
    }

    private sealed record Journey(int[] Cuts, int[] Sent, int[] Accidents)
    {
        public int Cut(int i) => Cuts.Length == 0 ? 10 : Cuts[i % Cuts.Length];

        public int Repeats(int i) => Sent.Length == 0 ? 1 : Sent[i % Sent.Length];

        // Only the first accidents happen, so that every journey ends.
        public int Accident(int i) => i < Accidents.Length ? Accidents[i] : 0;
    }
}
