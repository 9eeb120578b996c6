using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Risk.Tests.Desks;

/// <summary>The owner of one partition may read changes from after a snapshot before the owner of another reads the snapshot's first row.</summary>
public class SnapshotOfOwnersTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly SourcePosition Taken = new("binlog", 1, 500, 0);

    private readonly DeskRisk _desk = new("FX");
    private long _sequence;

    [Fact]
    public void A_position_that_changed_after_the_snapshot_stays_although_its_owner_had_not_heard_of_it()
    {
        Apply(Put("old", 100), generation: 1);
        Apply(Put("new", 600), generation: 1);
        Apply(Put("seen", 500), generation: 2);

        Complete(Taken);

        Assert.Equal(["new", "seen"], Held());
        Assert.All(_desk.Positions, held => Assert.Equal(2, held.Generation));
    }

    [Fact]
    public void Where_the_snapshot_was_taken_is_unknown_all_that_was_not_seen_is_removed()
    {
        Apply(Put("new", 600), generation: 1);
        Apply(Put("seen", 500), generation: 2);

        Complete(null);

        Assert.Equal(["seen"], Held());
    }

    [Fact]
    public void A_position_of_another_log_does_not_stay()
    {
        Apply(Put("other", 600, log: "mysql-bin"), generation: 1);
        Apply(Put("seen", 500), generation: 2);

        Complete(Taken);

        Assert.Equal(["seen"], Held());
    }

    private List<string> Held() => [.. _desk.Positions.Select(held => held.Row.PositionId).Order(StringComparer.Ordinal)];

    private static PositionChange Put(string id, long at, string log = "binlog") => new(
        new Delivery("t", 0, at), id, new Position(id, "t", "FX", "s", 1, 1, new DateOnly(2026, 5, 4), "USD", null), Taken with { Log = log, Offset = at }, null, null);

    private void Apply(PositionChange change, int generation) => Apply(new ChangesInput(
        Noon, "t", [change with { Delivery = new Delivery("t", 0, _sequence++) }], new SnapshotProgress(generation, new CompletedSnapshot(1, null)), FeedState.Live, Noon));

    private void Complete(SourcePosition? source) => Apply(new SnapshotCompletedInput(Noon, "t", new CompletedSnapshot(2, null, source), FeedState.Live));

    private void Apply(DeskInput input)
    {
        var step = new DeskStep();
        Assert.True(_desk.Apply(input, step));
        _desk.Seal(step, Noon);
    }
}
