namespace RiskMonitor.Benchmarks.Measuring;

/// <summary>Contenders that do comparable work, measured in turns, so that what disturbs the machine disturbs all of them.</summary>
internal sealed record Contest(string Title, IReadOnlyList<Contender> Contenders)
{
    public async Task<IReadOnlyList<Row>> RunAsync(Effort effort)
    {
        var contenders = Contenders.Where(contender => contender.Name.Contains(effort.Contender, StringComparison.Ordinal)).ToList();
        var readings = contenders.ToDictionary(contender => contender, _ => new List<IReadOnlyList<Reading>>());
        foreach (var contender in contenders)
        {
            await contender.RunAsync();
        }

        for (var run = 0; run < effort.Runs; run++)
        {
            foreach (var contender in contenders)
            {
                GC.Collect();
                readings[contender].Add(await contender.RunAsync());
            }
        }

        return [.. contenders.SelectMany(contender => Rows(contender.Name, readings[contender]))];
    }

    private static IEnumerable<Row> Rows(string contender, List<IReadOnlyList<Reading>> runs) => runs[0].Select(
        (reading, i) => new Row(contender, reading.What, Spread.Of([.. runs.Select(run => run[i].Value)])));
}

/// <param name="RunAsync">One run; the same kinds of readings each time.</param>
internal sealed record Contender(string Name, Func<Task<IReadOnlyList<Reading>>> RunAsync);

/// <param name="What">What the value is, with its unit.</param>
internal readonly record struct Reading(string What, double Value);

internal sealed record Row(string Contender, string What, Spread Values);
