namespace RiskMonitor.Conformance.Tests;

/// <summary>One run of the whole suite against the fixture host; begun when the first test asks for it.</summary>
public sealed class FixtureHostRun
{
    private readonly Lazy<Task<IReadOnlyDictionary<string, ScenarioOutcome>>> _outcomes = new(RunAsync);

    internal Task<IReadOnlyDictionary<string, ScenarioOutcome>> Outcomes => _outcomes.Value;

    private static async Task<IReadOnlyDictionary<string, ScenarioOutcome>> RunAsync()
    {
        await using var host = await ServerProcess.StartAsync(Built.FixtureHost, []);
        return await Suite.RunAsync(host.Mcp);
    }
}
