using System.Globalization;
using RiskMonitor.TestReport;

// report <results folder> <least line coverage in percent> <room>...
// Reads every *.trx and coverage.cobertura*.xml below the folder, prints what they say, and judges it. The last line is the count.
var (folder, least, rooms) = (args[0], decimal.Parse(args[1], CultureInfo.InvariantCulture), args[2..]);
var results = TestResults.Read(folder);
var coverage = LineCoverage.Read(folder);

foreach (var test in results.Failed)
{
    Console.WriteLine($"FAILED  {test.Name}\n        {test.Message}");
}

foreach (var test in results.Skipped)
{
    Console.WriteLine($"skipped {test.Name}: {test.Message}");
}

var isCovered = true;
foreach (var room in rooms)
{
    var percent = coverage.Percent(room);
    isCovered &= percent >= least;
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"coverage {room,-12}{percent,6:0.0} % of lines{(percent < least ? $", below {least} %: FAILED" : "")}"));
}

Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{results.Passed} passed, {results.Failed.Count} failed, {results.Skipped.Count} skipped"));
return results.Failed.Count == 0 && results.Passed > 0 && isCovered ? 0 : 1;
