using ModelContextProtocol.Protocol;
using RiskMonitor.McpFrontend.Tests.World;

namespace RiskMonitor.McpFrontend.Tests.Mcp;

public sealed class ToolCallTests
{
    [Fact]
    public async Task A_model_asks_a_desk_and_gets_figures_and_a_text_that_says_the_same()
    {
        var book = new Book();
        book.Limit("net", 1_000_000);
        book.Put("Rates", "P1", 2_000_000.5m);
        await using var frontend = await Frontend.StartAsync(book);
        await using var client = await frontend.McpAsync();

        var result = await client.CallToolAsync("monitor_desk_exposure", new Dictionary<string, object?> { ["desk"] = "Rates" });

        Assert.NotEqual(true, result.IsError);
        Assert.Equal("2000000.5000", result.StructuredContent!.Value.GetProperty("exposure").GetProperty("delta").GetString());
        Assert.Contains("2,000,000.5 USD", Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text, StringComparison.Ordinal);
    }
}
