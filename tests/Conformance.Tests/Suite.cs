using System.Text.Json;
using System.Text.RegularExpressions;

namespace RiskMonitor.Conformance.Tests;

/// <summary>The public conformance suite, <c>@modelcontextprotocol/conformance</c>.</summary>
internal static partial class Suite
{
    internal const string Revision = "2026-07-28";

    private const string Package = "@modelcontextprotocol/conformance";
    private const string Program = "conformance";

    /// <summary>The scenarios for servers that the revision requires, as the suite lists them.</summary>
    internal static IReadOnlyList<string> ScoredScenarios()
    {
        var required = File.ReadLines(NodeProgram.PackageFile(Package, $"requirements/{Revision}.yaml"));
        return [.. required.SkipWhile(line => line != "server:").Skip(1).TakeWhile(line => line.StartsWith("  - ", StringComparison.Ordinal)).Select(line => line[4..].Trim())];
    }

    /// <summary>Runs everything that the revision has for servers.</summary>
    internal static Task<IReadOnlyDictionary<string, ScenarioOutcome>> RunAsync(string mcp) => RunAsync(mcp, "--requirements", Revision);

    /// <summary>Runs one scenario.</summary>
    internal static async Task<ScenarioOutcome> RunScenarioAsync(string mcp, string scenario)
    {
        var outcomes = await RunAsync(mcp, "--spec-version", Revision, "--scenario", scenario, "--force");
        return outcomes[scenario];
    }

    private static async Task<IReadOnlyDictionary<string, ScenarioOutcome>> RunAsync(string mcp, params string[] what)
    {
        var results = Directory.CreateTempSubdirectory("riskmonitor-conformance-");
        try
        {
            var run = await NodeProgram.RunAsync(Program, ["server", "--url", mcp, .. what, "-o", results.FullName]);
            var outcomes = results.EnumerateDirectories().Select(Read).ToDictionary(outcome => outcome.Scenario);
            return outcomes.Count > 0 ? outcomes : throw new InvalidOperationException($"the suite left no results: {run.Everything}");
        }
        finally
        {
            results.Delete(recursive: true);
        }
    }

    private static ScenarioOutcome Read(DirectoryInfo results)
    {
        using var checks = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(results.FullName, "checks.json")));
        return new ScenarioOutcome(ResultsFolder().Match(results.Name).Groups["scenario"].Value, [.. checks.RootElement.EnumerateArray().Select(Check)]);
    }

    private static SuiteCheck Check(JsonElement check) => new(
        check.GetProperty("id").GetString()!,
        check.GetProperty("status").GetString()!,
        check.TryGetProperty("errorMessage", out var message) ? message.ToString() : "",
        check.TryGetProperty("details", out var details) ? details.ToString() : "");

    /// <summary>server-SCENARIO-2026-11-22T09-55-14-799Z</summary>
    [GeneratedRegex(@"^server-(?<scenario>.+?)-\d{4}-\d\d-\d\dT[\d-]+Z$")]
    private static partial Regex ResultsFolder();
}

/// <summary>One requirement, and how the server met it.</summary>
internal sealed record SuiteCheck(string Id, string Status, string Message, string Details)
{
    public override string ToString() => $"{Status} {Id}: {Message}\n    {Details}";
}

internal sealed record ScenarioOutcome(string Scenario, IReadOnlyList<SuiteCheck> Checks)
{
    /// <summary>What the server does that it must not, or does not that it must. (A warning concerns a SHOULD.)</summary>
    public IEnumerable<SuiteCheck> Failures => Checks.Where(check => check.Status == "FAILURE");

    public IEnumerable<SuiteCheck> Warnings => Checks.Where(check => check.Status == "WARNING");
}
