using RiskMonitor.Benchmarks.Load;
using RiskMonitor.Benchmarks.Measuring;

namespace RiskMonitor.Benchmarks.Scenarios;

/// <summary>From the commit of one transaction in the trading system's file to desks whose every sum is exact and durable.</summary>
internal sealed class OutboxToDesks : IScenario
{
    public string Name => "outbox";

    public string Says => "rows per second from the commit that inserts them all in positions.db to exact, durable desks; every sum is checked";

    public async IAsyncEnumerable<Contest> PrepareAsync(Effort effort)
    {
        await Task.CompletedTask;
        foreach (var desks in effort.Desks)
        {
            var day = new TradingDay(effort.Events / 2, desks);
            var expected = NaiveBook.Of(day.Openings().Select(row => new RowChange(null, row)));
            yield return new Contest(
                $"{day.Changes} rows, {desks} desks",
                [
                    new Contender("the product", () => FollowAsync(day, expected)),
                    new Contender("SQLite, triggers for net delta", () => Task.FromResult(FillTable(day, expected))),
                ]);
        }
    }

    private static async Task<IReadOnlyList<Reading>> FollowAsync(TradingDay day, NaiveBook expected)
    {
        await using var monitor = await MonitorHost.StartAsync(Trading.NeverReached);
        using var table = await PositionsFile.CreateAsync();
        var heapBefore = GC.GetTotalMemory(forceFullCollection: true);
        using var ending = new CancellationTokenSource();
        var ingest = monitor.IngestAsync(table.Feed(), ending.Token);
        table.Insert(day.Openings());
        using var peak = new PeakMemory();
        var stretch = Stretch.Begin();
        foreach (var desk in expected.Desks)
        {
            while ((await monitor.Desk(desk).ReadSummaryAsync()).Totals.Count < expected.CountOf(desk))
            {
                await Task.WhenAny(ingest, Task.Delay(5));
                if (ingest.IsCompleted)
                {
                    await ingest;
                }
            }
        }

        IReadOnlyList<Reading> readings =
        [
            .. stretch.End("changes", day.Changes),
            peak.Read(),
            new Reading("B of heap/position", (double)(GC.GetTotalMemory(forceFullCollection: true) - heapBefore) / expected.Count),
        ];
        await expected.DemandEqualAsync(monitor);
        await ending.CancelAsync();
        await ingest.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return readings;
    }

    private static IReadOnlyList<Reading> FillTable(TradingDay day, NaiveBook expected)
    {
        using var table = new TriggerTable();
        using var peak = new PeakMemory();
        var stretch = Stretch.Begin();
        table.Apply(day.Openings().Select(row => (row.PositionId, (Risk.Positions.Position?)row)));
        IReadOnlyList<Reading> readings = [.. stretch.End("changes", day.Changes), peak.Read()];
        table.DemandEqual(expected);
        return readings;
    }
}
