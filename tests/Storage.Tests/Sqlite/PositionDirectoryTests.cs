using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Storage.Tests.Sqlite;

public abstract class PositionDirectoryTests(TestServer server)
{
    [Fact]
    public async Task It_knows_what_folded_rows_and_unfolded_records_say()
    {
        await using var database = await server.CreateAsync();
        var folded = await DeskAsync(database, "folded", "p-1");
        Assert.True(await database.Journal.FoldAsync(Samples.Fold(folded), default));
        await DeskAsync(database, "never folded", "p-2");
        var withTail = await DeskAsync(database, "with a tail", "p-3", "p-4");
        Assert.True(await database.Journal.FoldAsync(Samples.Fold(withTail), default));

        // p-3 leaves this desk for another; half told so far, as after a crash: p-1 is held twice.
        await AppendAsync(database, Samples.Record(withTail, Samples.Noon, Samples.Changes(Samples.Noon, Samples.Deletion("p-3", 4))));
        await AppendAsync(database, Samples.Trade(withTail, 8m, positionId: "p-1"));

        var held = new List<HeldBy>();
        await foreach (var position in database.Get<IPositionDirectory>().LoadAsync(default))
        {
            held.Add(position);
        }

        Assert.Equal(
            [("folded", "p-1", 200L), ("never folded", "p-2", 200L), ("with a tail", "p-1", 500L), ("with a tail", "p-4", 300L)],
            held.Select(position => (position.Desk, position.PositionId, position.Source!.Value.Offset)).Order());
    }

    private static async Task<DeskRisk> DeskAsync(TestDatabase database, string desk, params IReadOnlyList<string> positions)
    {
        var risk = new DeskRisk(desk);
        await AppendAsync(database, Samples.FirstRecord(risk));
        foreach (var position in positions)
        {
            await AppendAsync(database, Samples.Trade(risk, 5m, positionId: position));
        }

        return risk;
    }

    private static Task AppendAsync(TestDatabase database, JournalRecord record) => database.Journal.AppendAsync(record, default);

    public sealed class OnSqlite() : PositionDirectoryTests(TestServer.Sqlite);

    public sealed class OnMariaDb() : PositionDirectoryTests(TestServer.MariaDb);
}
