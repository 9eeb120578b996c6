using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using RiskMonitor.McpFrontend.Tests.World;
using RiskMonitor.Risk.Access;
using RiskMonitor.UseCases.Access;
using Role = RiskMonitor.Risk.Access.Role;

namespace RiskMonitor.McpFrontend.Tests.Mcp;

public sealed class PromptAndResourceTests
{
    private static readonly Caller Restricted = new("ann", Role.Viewer, new HashSet<string> { "Breached" }, Clearance.Desk);

    [Fact]
    public async Task A_breach_is_handed_over_with_its_alert_as_data()
    {
        var book = ToolSchemaTests.Floor();
        await using var frontend = await Frontend.StartAsync(book);
        await using var client = await frontend.McpAsync();

        var prompt = await client.GetPromptAsync("analyze_risk_breach", new Dictionary<string, object?> { ["alert_id"] = book.AlertOf("Breached").ToString("D") });

        Assert.Contains("monitor_desk_exposure", Assert.IsType<TextContentBlock>(prompt.Messages[0].Content).Text, StringComparison.Ordinal);
        var data = Assert.IsType<TextResourceContents>(Assert.IsType<EmbeddedResourceBlock>(prompt.Messages[1].Content).Resource);
        Assert.Equal($"risk://alerts/{book.AlertOf("Breached"):D}", data.Uri);
        Assert.Equal("Breached", (string?)JsonNode.Parse(data.Text)!["alert"]!["desk"]);
    }

    [Fact]
    public async Task The_morning_brief_is_of_all_desks_or_of_one()
    {
        await using var frontend = await Frontend.StartAsync(ToolSchemaTests.Floor());
        await using var client = await frontend.McpAsync();

        var all = Data(await client.GetPromptAsync("morning_risk_brief"));
        var leftOut = Data(await client.GetPromptAsync("morning_risk_brief", new Dictionary<string, object?> { ["desk"] = null }));
        var one = Data(await client.GetPromptAsync("morning_risk_brief", new Dictionary<string, object?> { ["desk"] = "Wide" }));

        Assert.Equal("Closed", (string?)all["desks"]![0]!["desk"]);
        Assert.Equal("Closed", (string?)leftOut["desks"]![0]!["desk"]);
        Assert.Equal("Wide", (string?)one["desk"]);
        Assert.Equal(["analyze_risk_breach", "morning_risk_brief"], (await client.ListPromptsAsync()).Select(prompt => prompt.Name));

        static JsonNode Data(GetPromptResult prompt) =>
            JsonNode.Parse(Assert.IsType<TextResourceContents>(Assert.IsType<EmbeddedResourceBlock>(prompt.Messages[1].Content).Resource).Text)!;
    }

    [Theory]
    [InlineData("analyze_risk_breach", "alert_id", "00000000-0000-0000-0000-000000000000", "query_alerts")]
    [InlineData("analyze_risk_breach", "alert_id", "seven", "is no alert id")]
    [InlineData("analyze_risk_breach", "alert", "seven", "known are alert_id")]
    [InlineData("morning_risk_brief", "desk", "breachd", "did you mean 'Breached'?")]
    [InlineData("morning_risk_brief", "desks", "Breached", "did you mean desk?")]
    [InlineData("evening_risk_brief", "desk", "Breached", "there is no prompt")]
    public async Task A_prompt_that_cannot_be_filled_says_what_to_change(string prompt, string argument, string value, string remedy)
    {
        await using var frontend = await Frontend.StartAsync(ToolSchemaTests.Floor());
        await using var client = await frontend.McpAsync();

        var refused = await Assert.ThrowsAsync<McpProtocolException>(async () => await client.GetPromptAsync(prompt, new Dictionary<string, object?> { [argument] = value }));

        Assert.Equal(McpErrorCode.InvalidParams, refused.ErrorCode);
        Assert.Contains(remedy, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Delta/One")]
    [InlineData("50%2F")]
    [InlineData("FX \"prop\" \\ Ōsaka 🐙")]
    [InlineData("limits/limits")]
    [InlineData("rates+credit&more?x=1#y")]
    public async Task The_limits_and_the_exposure_of_a_desk_of_any_name_can_be_attached(string desk)
    {
        var book = new Book();
        book.Limit("own", 500, desk: desk);
        book.Put(desk, "P1", 10);
        book.Put("50/", "P2", 20);
        await using var frontend = await Frontend.StartAsync(book);
        await using var client = await frontend.McpAsync();

        var limits = Read(await client.ReadResourceAsync($"risk://desks/{Uri.EscapeDataString(desk)}/limits"));
        var exposure = Read(await client.ReadResourceAsync($"risk://desks/{Uri.EscapeDataString(desk)}/exposure"));

        Assert.Equal(desk, (string?)limits["limits"]![0]!["scope_key"]);
        Assert.Equal("10.0000", (string?)exposure["exposure"]!["delta"]);
    }

    [Fact]
    public async Task Resources_are_the_desks_and_the_open_alerts_that_the_user_may_see()
    {
        var book = ToolSchemaTests.Floor();
        await using var frontend = await Frontend.StartAsync(book);
        await using var conversation = await McpConversation.BeginAsync(frontend, Restricted);

        var resources = await conversation.Client.ListResourcesAsync();
        var templates = await conversation.Client.ListResourceTemplatesAsync();
        var desks = Read(await conversation.Client.ReadResourceAsync("risk://desks"));
        var alert = Read(await conversation.Client.ReadResourceAsync($"risk://alerts/{book.AlertOf("Breached"):D}"));

        Assert.Equal(["risk://desks", $"risk://alerts/{book.AlertOf("Breached"):D}"], resources.Select(resource => resource.Uri));
        Assert.Equal(
            ["risk://alerts/{id}", "risk://desks/{desk}/exposure", "risk://desks/{desk}/limits"], templates.Select(template => template.UriTemplate).Order());
        Assert.Equal(1, (int)desks["total"]!);
        Assert.Null(alert["alert"]!["analysis_json"]);
        Assert.Contains("alert.cause.position_id", alert["withheld"]!.AsArray().Select(name => (string?)name));
    }

    [Theory]
    [InlineData("2026-07-28", "risk://desks/FX/limits", McpErrorCode.InvalidParams)]
    [InlineData("2025-11-25", "risk://desks/FX/limits", McpErrorCode.ResourceNotFound)]
    [InlineData("2026-07-28", "risk://alerts/00000000-0000-0000-0000-000000000000", McpErrorCode.InvalidParams)]
    [InlineData("2026-07-28", "file:///etc/passwd", McpErrorCode.InvalidParams)]
    [InlineData("2025-11-25", "risk://desks//limits", McpErrorCode.ResourceNotFound)]
    public async Task A_resource_that_does_not_exist_is_what_the_revision_calls_it(string revision, string uri, McpErrorCode expected)
    {
        await using var frontend = await Frontend.StartAsync(ToolSchemaTests.Floor());
        await using var conversation = await McpConversation.BeginAsync(frontend, Restricted, revision);

        var refused = await Assert.ThrowsAsync<McpProtocolException>(async () => await conversation.Client.ReadResourceAsync(uri));

        Assert.Equal(expected, refused.ErrorCode);
        Assert.Contains("there is no", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lists_may_be_kept_for_a_while_but_not_shared()
    {
        await using var frontend = await Frontend.StartAsync(new Book());
        await using var client = await frontend.McpAsync();
        await using var older = await frontend.McpAsync("2025-11-25");

        var tools = await client.ListToolsAsync(new ListToolsRequestParams());
        var before = await older.ListToolsAsync(new ListToolsRequestParams());

        Assert.Equal(CacheScope.Private, tools.CacheScope);
        Assert.True(tools.TimeToLive > TimeSpan.Zero);
        Assert.Null(before.CacheScope);
        Assert.Null(before.TimeToLive);
    }

    [Fact]
    public async Task Names_are_completed_from_what_the_user_may_see()
    {
        var book = ToolSchemaTests.Floor();
        foreach (var i in Enumerable.Range(0, 150))
        {
            book.Put($"Many {i:000}", $"M{i}", 1);
        }

        await using var frontend = await Frontend.StartAsync(book);
        await using var all = await frontend.McpAsync();
        await using var restricted = await McpConversation.BeginAsync(frontend, Restricted);
        var brief = new PromptReference { Name = "morning_risk_brief" };
        var limits = new ResourceTemplateReference { Uri = "risk://desks/{desk}/limits" };

        var desks = (await all.CompleteAsync(brief, "desk", "MI")).Completion;
        var many = (await all.CompleteAsync(limits, "desk", "many")).Completion;
        var traders = (await all.CompleteAsync(brief, "trader_id", "T1")).Completion;
        var alerts = (await all.CompleteAsync(new PromptReference { Name = "analyze_risk_breach" }, "alert_id", book.AlertOf("Breached").ToString("D")[..8])).Completion;
        var hidden = (await restricted.Client.CompleteAsync(limits, "desk", "m")).Completion;
        var withheld = (await restricted.Client.CompleteAsync(brief, "trader_id", "T")).Completion;

        Assert.Equal(["Missing", "Mixed"], desks.Values);
        Assert.Equal((100, 150, true), (many.Values.Count, many.Total, many.HasMore));
        Assert.Contains("T1", traders.Values);
        Assert.Equal(book.AlertOf("Breached").ToString("D"), Assert.Single(alerts.Values));
        Assert.Empty(hidden.Values);
        Assert.Equal(0, withheld.Total);
    }

    [Fact]
    public async Task Nothing_is_completed_for_what_does_not_exist()
    {
        await using var frontend = await Frontend.StartAsync(new Book());
        await using var client = await frontend.McpAsync();

        await Assert.ThrowsAsync<McpProtocolException>(async () => await client.CompleteAsync(new PromptReference { Name = "other" }, "desk", ""));
        Assert.Empty((await client.CompleteAsync(new PromptReference { Name = "morning_risk_brief" }, "colour", "")).Completion.Values);
    }

    private static JsonNode Read(ReadResourceResult result)
    {
        var contents = Assert.IsType<TextResourceContents>(Assert.Single(result.Contents));
        Assert.Equal("application/json", contents.MimeType);
        return JsonNode.Parse(contents.Text)!;
    }
}
