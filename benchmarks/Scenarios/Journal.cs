using RiskMonitor.Benchmarks.Load;
using RiskMonitor.Benchmarks.Measuring;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Journal;

namespace RiskMonitor.Benchmarks.Scenarios;

/// <summary>The journal alone: each desk appends a record, waits until it is durable, and appends the next; records of all desks share commits.</summary>
internal sealed class Journal : IScenario
{
    public string Name => "journal";

    public string Says => "changes made durable in SQLite, each desk with one record under way";

    public async IAsyncEnumerable<Contest> PrepareAsync(Effort effort)
    {
        await Task.CompletedTask;
        foreach (var desks in new[] { 1, 50 })
        {
            yield return new Contest(
                desks == 1 ? "1 desk" : $"{desks} desks",
                [
                    NewContender(effort, desks, batch: 1, records: desks == 1 ? 1_000 : 5_000),
                    NewContender(effort, desks, batch: 100, records: 2_000),
                    NewContender(effort, desks, batch: 1_000, records: 500),
                ]);
        }
    }

    private static Contender NewContender(Effort effort, int desks, int batch, int records)
    {
        var each = Math.Max(1, effort.Of(records) / desks);
        var all = Enumerable.Range(0, desks).Select(desk => Records(Trading.DeskName(desk), each, batch)).ToList();
        return new Contender($"{batch} a record", () => AppendAsync(all, (long)desks * each * batch));
    }

    private static IReadOnlyList<JournalRecord> Records(string name, int records, int batch)
    {
        var desk = new DeskRisk(name);
        return
        [
            .. Trading.Inputs(Trading.Changes(records * batch, name), batch).Select(input =>
            {
                var step = DeskStep.Begin(desk);
                step.Apply(input);
                return step.Seal(input.At);
            }),
        ];
    }

    private static async Task<IReadOnlyList<Reading>> AppendAsync(IReadOnlyList<IReadOnlyList<JournalRecord>> desks, long changes)
    {
        await using var database = await Database.CreateAsync();
        var journal = database.Journal;
        var stretch = Stretch.Begin();
        await Task.WhenAll(desks.Select(records => Task.Run(async () =>
        {
            var (_, writer) = await journal.OpenAsync(records[0].Desk, CancellationToken.None);
            foreach (var record in records)
            {
                await writer.AppendAsync(record, CancellationToken.None);
            }
        })));
        return stretch.End("changes", changes);
    }
}
