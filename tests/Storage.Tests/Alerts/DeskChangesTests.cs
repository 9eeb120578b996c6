using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Journal;

namespace RiskMonitor.Storage.Tests.Alerts;

/// <summary>What the last records of a desk's journal did to its sums.</summary>
public abstract class DeskChangesTests(TestServer server)
{
    private const string Desk = "Rates/EMEA \u6f22";

    [Fact]
    public async Task The_last_records_say_by_how_much_the_desk_moved()
    {
        await using var database = await server.CreateAsync();
        var desk = new DeskRisk(Desk);
        JournalRecord[] records =
        [
            Samples.FirstRecord(desk),
            Samples.Record(desk, Samples.Noon.AddMinutes(1), Samples.Changes(Samples.Noon, Samples.Change(Desk, "P1", 400m, 1), Samples.Change(Desk, "P2", -150m, 2), Samples.Change(Desk, "P1", 500m, 3))),
            Samples.Record(desk, Samples.Noon.AddMinutes(2), Samples.Changes(Samples.Noon, Samples.Change(Desk, "P3", null, 4))),
            Samples.Record(desk, Samples.Noon.AddMinutes(3), Samples.Changes(Samples.Noon, Samples.Deletion("P2", 5))),
        ];
        foreach (var record in records)
        {
            await database.Journal.AppendAsync(record, default);
        }

        var changes = await database.Get<IDeskChanges>().LastAsync(Desk, 4, 10, default);

        (long, DeskChangeKind, int, string, decimal, decimal, int)[] expected =
        [
            (4, DeskChangeKind.Positions, 1, "", 150, -150, 0),
            (3, DeskChangeKind.Positions, 1, "USD", 0, 0, 1),
            (2, DeskChangeKind.Positions, 2, "USD", 350, 650, 0),
            (1, DeskChangeKind.Limits, 0, "", 0, 0, 0),
        ];
        Assert.Equal(expected, changes.Select(change => (change.Sequence, change.Kind, change.Positions, string.Join(',', change.Currencies), change.Net, change.Gross, change.Missing)));
        Assert.Equal(Samples.Noon.AddMinutes(3), changes[0].At);

        // As of the record that made the breach, and no more than were asked for.
        Assert.Equal([3L, 2], (await database.Get<IDeskChanges>().LastAsync(Desk, 3, 2, default)).Select(change => change.Sequence));
        Assert.Empty(await database.Get<IDeskChanges>().LastAsync("unknown", 3, 2, default));
    }

    [Fact]
    public async Task A_record_that_is_gone_or_very_large_ends_them()
    {
        await using var database = await server.CreateAsync();
        var desk = new DeskRisk(Desk);
        var many = Enumerable.Range(0, 6_000).Select(i => Samples.Change(Desk, $"position-{i}", 1m, i + 10)).ToList();
        JournalRecord[] records =
        [
            Samples.FirstRecord(desk),
            Samples.Record(desk, Samples.Noon, Samples.Changes(Samples.Noon, many)),
            Samples.Record(desk, Samples.Noon, Samples.Changes(Samples.Noon, Samples.Change(Desk, "P1", 1m, 10_000))),
            Samples.Record(desk, Samples.Noon, Samples.Changes(Samples.Noon, Samples.Change(Desk, "P2", 1m, 10_001))),
        ];
        foreach (var record in records)
        {
            await database.Journal.AppendAsync(record, default);
        }

        Assert.Equal([4L], (await database.Get<IDeskChanges>().LastAsync(Desk, 4, 10, default)).Select(change => change.Sequence));
    }

    public sealed class OnSqlite() : DeskChangesTests(TestServer.Sqlite);

    public sealed class OnMariaDb() : DeskChangesTests(TestServer.MariaDb);
}
