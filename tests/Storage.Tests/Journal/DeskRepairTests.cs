using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.Tests.Journal;

public abstract class DeskRepairTests(TestServer server)
{
    private const string Desk = "Zinsen, Köln 王";

    [Fact]
    public async Task A_desk_with_a_damaged_record_goes_on_from_what_can_be_read()
    {
        await using var database = await server.CreateAsync();
        var risk = new DeskRisk(Desk);
        await database.Journal.AppendAsync(Samples.FirstRecord(risk), default);
        await database.Journal.AppendAsync(Samples.Trade(risk, 500m), default);
        Assert.True(await database.Journal.FoldAsync(Samples.Fold(risk), default));
        await database.Journal.AppendAsync(Samples.Trade(risk, 600m), default);
        await database.Journal.AppendAsync(Samples.Trade(risk, 700m), default);
        await database.Get<IDatabase>().WriteAsync(db => db.ExecuteAsync("UPDATE journal SET record = X'00' WHERE sequence = 4"), default);
        var repair = database.Get<IDeskRepair>();
        Assert.Contains("journal record 4", Assert.Single(await repair.CheckAsync(null, default)).Problem);
        await Assert.ThrowsAsync<DeskUnreadableException>(() => database.Journal.LoadAsync(Desk, default));

        var removed = new List<RemovedRow>();
        var repaired = await repair.RepairAsync(
            Desk,
            null,
            rows =>
            {
                removed.AddRange(rows);
                return Task.CompletedTask;
            },
            default);

        Assert.Equal((3L, 1L, 0), (repaired.ReadThrough, repaired.LostRecords, repaired.LostPositions));
        Assert.Equal(Desk, removed.Single(row => row.Table == "desks").Columns["desk"]);
        Assert.Equal(4, removed.Count(row => row.Table == "journal"));
        Assert.True(Assert.Single(await repair.CheckAsync(Desk, default)).IsSound);
        var stored = await database.Journal.LoadAsync(Desk, default);
        Assert.Equal(600m, Assert.Single(stored.Positions).Row.Delta);
        await Assert.ThrowsAsync<InvalidOperationException>(() => repair.RepairAsync("Zinsen", null, _ => Task.CompletedTask, default));
    }

    [Fact]
    public async Task A_writer_from_before_the_repair_is_stopped()
    {
        await using var database = await server.CreateAsync();
        var risk = new DeskRisk(Desk);
        await database.Journal.AppendAsync(Samples.FirstRecord(risk), default);

        await database.Get<IDeskRepair>().RepairAsync(Desk, null, _ => Task.CompletedTask, default);

        await Assert.ThrowsAsync<JournalConflictException>(() => database.Journal.AppendAsync(Samples.Trade(risk, 1m), default));
    }

    public sealed class OnSqlite() : DeskRepairTests(TestServer.Sqlite);

    public sealed class OnMariaDb() : DeskRepairTests(TestServer.MariaDb);
}
