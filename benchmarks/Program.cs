using System.Globalization;
using RiskMonitor.Benchmarks.Load;
using RiskMonitor.Benchmarks.Measuring;
using RiskMonitor.Benchmarks.Scenarios;

IReadOnlyList<IScenario> all = [new FileToDesks(), new OutboxToDesks(), new UnitCosts(), new Decode(), new Desk(), new Journal(), new Chain(), new Reads(), new AlertLatency(), new Mcp(), new Cluster()];

var effort = args.Contains("--quick") ? Effort.Quick : Effort.Full;
var names = new List<string>();
string? write = null;
for (var i = 0; i < args.Length; i++)
{
    var value = i + 1 < args.Length ? args[i + 1] : "";
    var isNumber = int.TryParse(value, CultureInfo.InvariantCulture, out var number) && number > 0;
    switch (args[i])
    {
        case "--quick":
            break;
        case "--events" when isNumber:
            (effort, i) = (effort with { Events = number }, i + 1);
            break;
        case "--runs" when isNumber:
            (effort, i) = (effort with { Runs = number }, i + 1);
            break;
        case "--desks" when isNumber:
            (effort, i) = (effort with { Desks = [number] }, i + 1);
            break;
        case "--contender" when value.Length > 0:
            (effort, i) = (effort with { Contender = value }, i + 1);
            break;
        case "--write" when value.Length > 0:
            (write, i) = (value, i + 1);
            break;
        default:
            names.Add(args[i]);
            break;
    }
}

if (write is not null)
{
    CapturedDay.Write(write, new TradingDay(effort.Events, effort.Desks[0]));
    return 0;
}

if (names.FirstOrDefault(name => all.All(scenario => scenario.Name != name)) is { } unknown)
{
    Console.Error.WriteLine(
        $"'{unknown}' is no scenario; give any of {string.Join(", ", all.Select(scenario => scenario.Name))}, or none for all; --quick for a smoke run; "
        + "--events N, --desks N, --runs N, --contender NAME; --write FILE for the replay file alone");
    return 2;
}

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
