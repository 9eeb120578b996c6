using System.Text.Json.Nodes;

namespace RiskMonitor.Conformance.Tests;

/// <summary>The product as a client of the public inspector sees it.</summary>
[Collection(ProductCollection.Name)]
public sealed class InspectorTests(ProductServer product)
{
    /// <summary>Every tool, with all of its arguments that a question about one alert's desk can have.</summary>
    private static readonly IReadOnlyDictionary<string, Func<JsonObject, JsonObject[]>> Calls = new Dictionary<string, Func<JsonObject, JsonObject[]>>
    {
        ["monitor_desk_exposure"] = alert =>
        [
            new() { ["desk"] = Desk(alert) },
            new() { ["desk"] = Desk(alert), ["horizon"] = "overnight", ["limit_profile"] = "standard", ["as_of"] = Opened(alert) },
        ],
        ["list_desks"] = _ => [[], new() { ["order_by"] = "utilisation", ["page_size"] = 2 }],
        ["get_exposure"] = alert =>
        [
            new() { ["group_by"] = "desk" },
            new() { ["group_by"] = "trader", ["desk"] = Desk(alert), ["threshold"] = "100000", ["top"] = 3 },
        ],
        ["query_positions"] = alert => [[], new() { ["desk"] = Desk(alert), ["currency"] = "USD", ["entry_date_from"] = "2020-01-01", ["page_size"] = 3 }],
        ["query_alerts"] = alert => [[], new() { ["desk"] = Desk(alert), ["include_transient"] = true, ["page_size"] = 1 }],
        ["get_alert"] = alert => [new() { ["alert_id"] = (string?)alert["alert_id"] }],
        ["get_limits"] = alert => [[], new() { ["desk"] = Desk(alert), ["profile"] = "standard", ["horizon"] = "intraday" }],
        ["ask_risk"] = alert => [new() { ["question"] = $"What is the exposure of {Desk(alert)}?" }],
    };

    public static TheoryData<string> Tools => [.. Calls.Keys];

    [TheoryWithNode]
    [InlineData(Inspector.Modern)]
    [InlineData(Inspector.Legacy)]
    public async Task Every_tool_has_a_portable_schema_and_is_called_below(string era)
    {
        var mcp = await product.McpAsync();
        // The inspector shows an empty list, and no error, where its connection is not up when it asks.
        var tools = await Eventually.FindAsync("the inspector lists tools", async () =>
        {
            var listed = await Inspector.ToolsAsync(mcp, era);
            return listed["tools"]!.AsArray().Count > 0 ? listed : null;
        });

        Assert.Equal(Calls.Keys.Order(), tools["tools"]!.AsArray().Select(tool => (string)tool!["name"]!).Order());
        Assert.All(tools["tools"]!.AsArray(), tool => Assert.NotNull(tool!["outputSchema"]));
    }

    [TheoryWithNode]
    [MemberData(nameof(Tools))]
    public async Task A_tools_result_is_what_its_schema_says(string tool)
    {
        var alert = await product.AlertAsync();
        foreach (var arguments in Calls[tool](alert))
        {
            var result = await Inspector.CallAsync(await product.McpAsync(), tool, arguments);

            Assert.NotNull(result["structuredContent"]!["request_id"]);
            Assert.NotEmpty(result["content"]!.AsArray());
        }
    }

    [TheoryWithNode]
    [InlineData("prompts/list", "prompts", "morning_risk_brief")]
    [InlineData("resources/list", "resources", "risk://desks")]
    [InlineData("resources/templates/list", "resourceTemplates", "risk://desks/{desk}/limits")]
    public async Task Prompts_and_resources_are_listed(string method, string list, string expected)
    {
        var result = await Inspector.AskAsync(await product.McpAsync(), Inspector.Modern, method);

        Assert.Contains(result[list]!.AsArray(), entry => expected == (string?)(entry!["uri"] ?? entry["uriTemplate"] ?? entry["name"]));
    }

    [FactWithNode]
    public async Task A_prompt_and_a_resource_are_read()
    {
        var prompt = await Inspector.AskAsync(await product.McpAsync(), Inspector.Modern, "prompts/get", "--prompt-name", "morning_risk_brief");
        var resource = await Inspector.AskAsync(await product.McpAsync(), Inspector.Modern, "resources/read", "--uri", "risk://desks");

        Assert.NotEmpty(prompt["messages"]!.AsArray());
        Assert.NotEmpty(resource["contents"]!.AsArray());
    }

    private static string Desk(JsonObject alert) => (string)alert["desk"]!;

    private static string Opened(JsonObject alert) => (string)alert["opened_at"]!;
}
