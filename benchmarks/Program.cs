using RiskMonitor.Benchmarks.Measuring;
using RiskMonitor.Benchmarks.Scenarios;

IReadOnlyList<IScenario> all = [new Decode(), new Desk(), new Journal(), new Chain(), new Reads(), new AlertLatency(), new Mcp()];

var quick = args.Contains("--quick");
var names = args.Where(argument => argument != "--quick").ToList();
if (names.FirstOrDefault(name => all.All(scenario => scenario.Name != name)) is { } unknown)
{
    Console.Error.WriteLine($"'{unknown}' is no scenario; give any of {string.Join(", ", all.Select(scenario => scenario.Name))}, or none for all, and --quick for a smoke run");
    return 2;
}

var effort = quick ? Effort.Quick : Effort.Full;
Console.WriteLine(Surroundings.Describe(effort));
foreach (var scenario in all.Where(scenario => names.Count == 0 || names.Contains(scenario.Name)))
{
    Console.WriteLine();
    Console.WriteLine($"{scenario.Name}: {scenario.Says}");
    await foreach (var contest in scenario.PrepareAsync(effort))
    {
        var rows = await contest.RunAsync(effort);
        Console.WriteLine();
        Table.Print(Console.Out, contest.Title, rows);
    }
}

return 0;
