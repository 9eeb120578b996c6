using RiskMonitor.Benchmarks.Load;
using RiskMonitor.Benchmarks.Measuring;
using RiskMonitor.CdcIngest.Feeds;

namespace RiskMonitor.Benchmarks.Scenarios;

/// <summary>From a file of captured events to desks whose every sum is exact and durable.</summary>
internal sealed class FileToDesks : IScenario
{
    public string Name => "file";

    public string Says => "changes per second from a replay file to exact, durable desks; every sum by desk, trader, security and currency is checked";

    public async IAsyncEnumerable<Contest> PrepareAsync(Effort effort)
    {
        foreach (var desks in effort.Desks)
        {
            var directory = Directory.CreateTempSubdirectory("riskmonitor-benchmark-");
            try
            {
                var path = Path.Combine(directory.FullName, "day.jsonl");
                var day = new TradingDay(effort.Events, desks);
                CapturedDay.Write(path, day);
                var expected = NaiveBook.Of(day.Rows());
                yield return new Contest(
                    $"{day.Changes} changes, {desks} desks, {expected.Count} positions held at the end",
                    [
                        new Contender("the product", () => ReplayAsync(path, day, expected)),
                        new Contender("SQLite, triggers for net delta", () => Task.FromResult(FillTable(path, day, expected))),
                        new Contender("plain classes in memory", () => Task.FromResult(ReadPlainly(path, day, expected))),
                    ]);
            }
            finally
            {
                directory.Delete(recursive: true);
            }
        }

        await Task.CompletedTask;
    }

    private static async Task<IReadOnlyList<Reading>> ReplayAsync(string path, TradingDay day, NaiveBook expected)
    {
        await using var monitor = await MonitorHost.StartAsync(Trading.NeverReached);
        using var peak = new PeakMemory();
        var stretch = Stretch.Begin();
        await monitor.IngestAsync(await ReplayFile.OpenAsync(path, TimeProvider.System, CancellationToken.None));
        IReadOnlyList<Reading> readings = [.. stretch.End("changes", day.Changes), peak.Read()];
        await expected.DemandEqualAsync(monitor);
        return readings;
    }

    private static IReadOnlyList<Reading> FillTable(string path, TradingDay day, NaiveBook expected)
    {
        using var table = new TriggerTable();
        using var peak = new PeakMemory();
        var stretch = Stretch.Begin();
        table.Apply(PlainRecords.Read(path));
        IReadOnlyList<Reading> readings = [.. stretch.End("changes", day.Changes), peak.Read()];
        table.DemandEqual(expected);
        return readings;
    }

    private static IReadOnlyList<Reading> ReadPlainly(string path, TradingDay day, NaiveBook expected)
    {
        using var peak = new PeakMemory();
        var stretch = Stretch.Begin();
        var book = new NaiveBook();
        foreach (var (positionId, row) in PlainRecords.Read(path))
        {
            book.Apply(positionId, row);
        }

        IReadOnlyList<Reading> readings = [.. stretch.End("changes", day.Changes), peak.Read()];
        expected.DemandEqual(book);
        return readings;
    }
}
