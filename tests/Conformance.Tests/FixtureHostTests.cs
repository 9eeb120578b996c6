
namespace RiskMonitor.Conformance.Tests;

/// <summary>All scenarios that revision 2026-07-28 requires of a server, on the SDK and the HTTP transport that the product is built on.</summary>
public sealed class FixtureHostTests(FixtureHostRun run, ITestOutputHelper output) : IClassFixture<FixtureHostRun>
{
    public static TheoryData<string> Scored => [.. Suite.ScoredScenarios()];

    [FactWithNode]
    public void The_revision_requires_37_scenarios() => Assert.Equal(37, Suite.ScoredScenarios().Distinct().Count());

    [TheoryWithNode]
    [MemberData(nameof(Scored))]
    public async Task The_transport_passes(string scenario)
    {
        var outcome = (await run.Outcomes)[scenario];

        output.WriteLine(string.Join('\n', outcome.Checks));
        Assert.Empty(outcome.Failures);
        Assert.Empty(outcome.Warnings);
        Assert.Contains(outcome.Checks, check => check.Status == "SUCCESS");
    }
}
