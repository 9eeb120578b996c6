using System.Diagnostics;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Journal;

namespace RiskMonitor.Storage.Tests.MySql;

/// <summary>Prints how many records and changes become durable in a second. No verdict depends on it.</summary>
public abstract class JournalThroughput(TestServer server)
{
    private const int Desks = 50;
    private const int RecordsPerDesk = 400;

    [Theory(Explicit = true)]
    [InlineData(1, 1)]
    [InlineData(1, 8)]
    [InlineData(100, 2)]
    public async Task Fifty_desks_append(int changesPerRecord, int atOnce)
    {
        await using var database = await server.CreateAsync();
        var records = Enumerable.Range(0, Desks).Select(n => Records($"desk {n}", changesPerRecord)).ToList();
        var writers = await Task.WhenAll(Enumerable.Range(0, Desks).Select(async n => (await database.Get<IDeskJournal>().OpenAsync($"desk {n}", default)).Writer));
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(writers.Select((writer, n) => AppendAsync(writer, records[n], atOnce)));
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;

        var appended = Desks * RecordsPerDesk;
        Assert.Equal(appended, (await database.RowsAsync("SELECT count(*) FROM journal", row => row.GetInt64(0))).Single());
        Console.WriteLine(
            $"{GetType().Name}: {Desks} desks, {changesPerRecord} changes a record, {atOnce} records of a desk at once: {appended / seconds:N0} records/s, {appended * changesPerRecord / seconds:N0} changes/s");
    }

    private static List<JournalRecord> Records(string desk, int changesPerRecord)
    {
        var (risk, offset) = (new DeskRisk(desk), 0L);
        return
        [
            .. Enumerable.Range(0, RecordsPerDesk).Select(n => Samples.Record(risk, Samples.Noon, Samples.Changes(
                Samples.Noon, [.. Enumerable.Range(0, changesPerRecord).Select(i => Samples.Change(desk, $"p-{i}", n, ++offset))]))),
        ];
    }

    private static async Task AppendAsync(IDeskJournalWriter writer, IReadOnlyList<JournalRecord> records, int atOnce)
    {
        var waiting = new Queue<Task>();
        foreach (var record in records)
        {
            if (waiting.Count == atOnce)
            {
                await waiting.Dequeue();
            }

            waiting.Enqueue(writer.AppendAsync(record, default));
        }

        await Task.WhenAll(waiting);
    }

    public sealed class OnSqlite() : JournalThroughput(TestServer.Sqlite);

    public sealed class OnMariaDb() : JournalThroughput(TestServer.MariaDb);
}
