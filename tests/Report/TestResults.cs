using System.Xml.Linq;

namespace RiskMonitor.TestReport;

/// <summary>What all test runs together say; format of Visual Studio's <c>.trx</c> files.</summary>
internal sealed record TestResults(int Passed, IReadOnlyList<NamedTest> Failed, IReadOnlyList<NamedTest> Skipped)
{
    private static readonly XNamespace Trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    public static TestResults Read(string folder)
    {
        var runs = Directory.EnumerateFiles(folder, "*.trx", SearchOption.AllDirectories).Select(XDocument.Load).ToList();
        var tests = runs.SelectMany(run => run.Descendants(Trx + "UnitTestResult")).ToLookup(result => (string?)result.Attribute("outcome"), Named);
        return new TestResults(
            tests["Passed"].Count(),
            [.. tests.Where(group => group.Key is not ("Passed" or "NotExecuted")).SelectMany(group => group), .. runs.Select(Broken).OfType<NamedTest>()],
            [.. tests["NotExecuted"]]);
    }

    /// <summary>A run that ended without a failed test and yet not well: its process crashed or hung.</summary>
    private static NamedTest? Broken(XDocument run)
    {
        var summary = run.Descendants(Trx + "ResultSummary").Single();
        var failed = run.Descendants(Trx + "UnitTestResult").Any(result => (string?)result.Attribute("outcome") == "Failed");
        return failed || (string?)summary.Attribute("outcome") is "Completed" or "Passed"
            ? null
            : new NamedTest((string?)run.Root?.Attribute("name") ?? "?", string.Join(' ', summary.Descendants(Trx + "Text").Select(text => text.Value)).ReplaceLineEndings(" "));
    }

    private static NamedTest Named(XElement result)
    {
        var message = result.Descendants(Trx + "Message").FirstOrDefault()?.Value ?? result.Descendants(Trx + "StdOut").FirstOrDefault()?.Value ?? "a long test; ./test --all runs it";
        return new NamedTest((string?)result.Attribute("testName") ?? "?", message.ReplaceLineEndings(" ").Trim());
    }
}

/// <param name="Message">Why it failed or was skipped.</param>
internal sealed record NamedTest(string Name, string Message);
