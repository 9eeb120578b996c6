using ModelContextProtocol;
using RiskMonitor.McpFrontend.Tests.World;

namespace RiskMonitor.McpFrontend.Tests.Metrics;

public sealed class HostileLabelTests
{
    [Fact]
    public async Task Resources_tools_and_paths_that_a_caller_invents_appear_in_no_metric_and_do_not_make_it_longer()
    {
        await using var frontend = await Frontend.StartAsync(new Book());
        await using var client = await frontend.McpAsync();
        await InventAsync(20);
        var before = await frontend.Client.GetStringAsync("/metrics");

        await InventAsync(500);
        var after = await frontend.Client.GetStringAsync("/metrics");

        Assert.Contains("riskmonitor_requests_total", after);
        Assert.DoesNotContain("Invented", after, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("risk:", after);
        Assert.DoesNotContain("127.0.0.1", after);
        Assert.Equal(Series(before), Series(after));

        async Task InventAsync(int calls)
        {
            for (var i = 0; i < calls; i++)
            {
                await Assert.ThrowsAnyAsync<McpException>(async () => await client.ReadResourceAsync($"risk://desks/Invented{i}/limits"));
                await frontend.Client.GetAsync($"/api/v1/desks/Invented{i}/exposure");
                if (i < 20)
                {
                    await Assert.ThrowsAnyAsync<McpException>(async () => await client.CallToolAsync($"invented_{i}"));
                    await frontend.Client.GetAsync($"/invented/{i}");
                }
            }
        }
    }

    private static List<string> Series(string metrics) =>
        [.. metrics.Split('\n').Where(line => line.StartsWith("riskmonitor_", StringComparison.Ordinal)).Select(line => line[..line.LastIndexOf(' ')])];
}
