
namespace RiskMonitor.Conformance.Tests;

/// <summary>The scenarios that need nothing of a server but its own tools, prompts and resources, on the product.</summary>
[Collection(ProductCollection.Name)]
public sealed class ProductTests(ProductServer product, ITestOutputHelper output)
{
    /// <summary>Checks of <c>server-stateless</c> that the suite makes through diagnostic tools; the fixture host has them.</summary>
    private static readonly string[] ThroughDiagnosticTools =
    [
        "sep-2575-server-rejects-undeclared-capability",
        "sep-2575-missing-capability-http-400",
        "sep-2575-http-server-no-independent-requests-on-stream",
        "sep-2575-server-no-log-without-loglevel",
    ];

    [TheoryWithNode]
    [InlineData("tools-list")]
    [InlineData("prompts-list")]
    [InlineData("resources-list")]
    [InlineData("caching")]
    [InlineData("dns-rebinding-protection")]
    [InlineData("http-header-validation")]
    [InlineData("input-required-result-unsupported-methods")]
    [InlineData("sep-2164-resource-not-found")]
    [InlineData("server-sse-multiple-streams")]
    [InlineData("server-stateless")]
    public async Task The_product_passes(string scenario)
    {
        var outcome = await Suite.RunScenarioAsync(await product.McpAsync(), scenario);

        output.WriteLine(string.Join('\n', outcome.Checks));
        Assert.Empty(outcome.Failures.ExceptBy(ThroughDiagnosticTools, check => check.Id));
        Assert.Empty(outcome.Warnings);
        Assert.Contains(outcome.Checks, check => check.Status == "SUCCESS");
    }
}
