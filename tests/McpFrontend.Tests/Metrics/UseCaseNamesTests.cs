using System.Reflection;
using RiskMonitor.McpFrontend.Mcp;
using RiskMonitor.UseCases.Inputs;

namespace RiskMonitor.McpFrontend.Tests.Metrics;

public sealed class UseCaseNamesTests
{
    [Fact]
    public void The_names_contain_every_use_case()
    {
        var names = new[] { typeof(UseCaseNames).Assembly, typeof(ProtocolCalls).Assembly }
            .SelectMany(assembly => assembly.GetTypes())
            .Select(type => type.GetField("Tool", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue() as string)
            .OfType<string>()
            // Its routes come with the host.
            .Append(UseCaseNames.OrleansDashboard)
            .Distinct()
            .Order(StringComparer.Ordinal);

        Assert.Equal(names, UseCaseNames.All.Order(StringComparer.Ordinal));
    }
}
