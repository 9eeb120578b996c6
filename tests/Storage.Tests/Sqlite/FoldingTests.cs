using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Journal;

namespace RiskMonitor.Storage.Tests.Sqlite;

public abstract class FoldingTests(TestServer server)
{
    private const string Desk = "Rates/EMEA";

    [Fact]
    public async Task A_folded_desk_loads_as_it_was_with_the_records_since_as_its_tail()
    {
        await using var database = await server.CreateAsync();
        var risk = await DeskWithBreachAsync(database);
        var fold = Samples.Fold(risk);
        var journal = database.Journal;
        Assert.True(await journal.FoldAsync(fold, default));
        var later = Samples.Trade(risk, null, positionId: "p-2");
        await journal.AppendAsync(later, default);

        var stored = await journal.LoadAsync(Desk, default);
        Assert.Equal(Shape.Of(fold.Checkpoint), Shape.Of(stored.Checkpoint));
        Assert.Equal(fold.Changed.Select(Shape.Of), stored.Positions.Select(Shape.Of));
        Assert.Equal([Shape.Of(later)], stored.Tail.Select(Shape.Of));

        var restored = DeskRisk.Restore(stored.Checkpoint!, stored.Positions);
        restored.Replay(later);
        Assert.Equal(Shape.Of(risk.ToView(null)), Shape.Of(restored.ToView(null)));
    }

    [Fact]
    public async Task A_fold_replaces_and_removes_rows()
    {
        await using var database = await server.CreateAsync();
        var risk = await DeskWithBreachAsync(database);
        var journal = database.Journal;
        await journal.AppendAsync(Samples.Trade(risk, 5m, positionId: "p-2"), default);
        Assert.True(await journal.FoldAsync(Samples.Fold(risk), default));

        var foldedBefore = risk.Sequence;
        await journal.AppendAsync(Samples.Trade(risk, -3.1000m), default);
        await journal.AppendAsync(Samples.Record(risk, Samples.Noon, Samples.Changes(Samples.Noon, Samples.Deletion("p-2", 100))), default);
        Assert.True(await journal.FoldAsync(Samples.Fold(risk, foldedBefore, "p-2"), default));

        var stored = await journal.LoadAsync(Desk, default);
        Assert.Equal(risk.Positions.Select(Shape.Of), stored.Positions.Select(Shape.Of));
        Assert.Equal("-3.1000", stored.Positions.Single().Row.Delta?.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Empty(stored.Tail);
    }

    [Fact]
    public async Task Of_two_folds_since_the_same_checkpoint_only_the_first_is_written()
    {
        await using var database = await server.CreateAsync();
        var risk = await DeskWithBreachAsync(database);
        var journal = database.Journal;
        var early = Samples.Fold(risk);
        await journal.AppendAsync(Samples.Trade(risk, 7m), default);
        var late = Samples.Fold(risk);
        var folds = await Task.WhenAll(journal.FoldAsync(late, default), journal.FoldAsync(early, default));

        Assert.Equal([true, false], folds);
        Assert.Equal(3, (await journal.LoadAsync(Desk, default)).Checkpoint!.Sequence);
    }

    [Fact]
    public async Task An_activation_whose_record_lost_cannot_fold_what_it_believed()
    {
        await using var database = await server.CreateAsync();
        await using var stale = await database.OpenAgainAsync();
        var risk = await DeskWithBreachAsync(database);
        var stored = await stale.Journal.LoadAsync(Desk, default);
        var staleRisk = new DeskRisk(Desk);
        foreach (var record in stored.Tail)
        {
            staleRisk.Replay(record);
        }

        await database.Journal.AppendAsync(Samples.Trade(risk, 10m), default);
        var append = stale.Journal.AppendAsync(Samples.Trade(staleRisk, 20m), default);
        var fold = stale.Journal.FoldAsync(Samples.Fold(staleRisk), default);

        await Assert.ThrowsAsync<JournalConflictException>(() => append);
        Assert.False(await fold);
        Assert.Null((await database.Journal.LoadAsync(Desk, default)).Checkpoint);
    }

    [Fact]
    public async Task A_fold_ahead_of_the_journal_is_refused()
    {
        await using var database = await server.CreateAsync();
        var risk = await DeskWithBreachAsync(database);
        Samples.Trade(risk, 10m);

        Assert.False(await database.Journal.FoldAsync(Samples.Fold(risk), default));
    }

    [Fact]
    public async Task What_was_loaded_may_be_folded_before_anything_new_is_written()
    {
        await using var database = await server.CreateAsync();
        var risk = await DeskWithBreachAsync(database);
        await using var next = await database.OpenAgainAsync();
        await next.Journal.LoadAsync(Desk, default);

        Assert.True(await next.Journal.FoldAsync(Samples.Fold(risk), default));
    }

    private static async Task<DeskRisk> DeskWithBreachAsync(TestDatabase database)
    {
        var risk = new DeskRisk(Desk);
        await database.Journal.AppendAsync(Samples.FirstRecord(risk), default);
        await database.Journal.AppendAsync(Samples.Trade(risk, 1_700m), default);
        return risk;
    }

    public sealed class OnSqlite() : FoldingTests(TestServer.Sqlite);

    public sealed class OnMariaDb() : FoldingTests(TestServer.MariaDb);
}
