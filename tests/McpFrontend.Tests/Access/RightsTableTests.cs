using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using RiskMonitor.McpFrontend.Tests.World;
using RiskMonitor.Risk.Access;
using RiskMonitor.UseCases.Access;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Inputs;
using RiskMonitor.UseCases.Tools;

namespace RiskMonitor.McpFrontend.Tests.Access;

/// <summary>What nobody has thought about is allowed to nobody.</summary>
public sealed class RightsTableTests
{
    private static readonly Caller s_all = new("root", Role.Admin, null, Clearance.Trader);

    /// <summary>Routes that answer without credentials; one more of them is a decision.</summary>
    private static readonly string[] s_open =
    [
        "/.well-known/oauth-protected-resource", "/.well-known/oauth-protected-resource/mcp",
        // Their handlers ask for a link's token or for credentials (AlertPagesTests, AlertGroupPagesTests).
        "/alerts/groups/{group_id}", "/alerts/{alert_id:guid}", "/alerts/{alert_id:guid}/ack",
        "/health", "/metrics", "/openapi/{documentName:regex(^v1$)}.json",
        // Its handler asks for PagerDuty's signature (PagerDutyWebhookTests).
        "/pagerduty/{endpoint}",
        "/ready",
    ];

    [Fact]
    public void Every_use_case_has_an_entry() => Assert.All(UseCaseNames.All, tool => Assert.NotNull(Right.For(tool)));

    [Fact]
    public void What_has_no_entry_is_allowed_to_nobody()
    {
        Assert.Null(Right.For("brand_new"));
        Assert.Equal(RequestError.Forbidden, Assert.Throws<RequestException>(() => Right.Demand("brand_new", s_all)).Code);
    }

    [Fact]
    public async Task Every_tool_is_a_use_case_with_an_entry_and_one_without_is_not_there()
    {
        await using var frontend = await Frontend.StartAsync(new Book());
        var catalogue = frontend.Services.GetRequiredService<ToolCatalogue>();

        Assert.All(catalogue.All, tool => Assert.Contains(tool.Name, UseCaseNames.All));
        Assert.Equal(catalogue.All.Select(tool => tool.Name), catalogue.For(s_all).Select(tool => tool.Name));
    }

    [Fact]
    public async Task Every_route_of_the_API_is_a_use_case_with_a_right_and_only_known_routes_are_open()
    {
        await using var frontend = await Frontend.StartAsync(new Book());
        var routes = frontend.Services.GetRequiredService<IEnumerable<EndpointDataSource>>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().ToList();

        var open = routes.Where(route => route.Metadata.GetMetadata<IAllowAnonymous>() is not null).Select(route => route.RoutePattern.RawText).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(s_open, open.Select(path => path!.Length > 1 ? path.TrimEnd('/') : path));
        var api = routes.Where(route => route.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(api);
        Assert.All(api, route => Assert.NotNull(Right.For(
            (route.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? "").Replace("_by_query", "", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task Every_resource_and_prompt_that_is_listed_is_read_through_a_use_case_and_remembered_as_such()
    {
        var book = new Book();
        book.Limit("house", 1_000);
        book.Put("Rates", "P1", 2_000);
        await using var frontend = await Frontend.StartAsync(book);
        await using var client = await frontend.McpAsync("2025-11-25");
        var alert = book.AlertOf("Rates").ToString("D");

        foreach (var resource in await client.ListResourcesAsync())
        {
            await client.ReadResourceAsync(resource.Uri);
        }

        foreach (var template in await client.ListResourceTemplatesAsync())
        {
            await client.ReadResourceAsync(template.UriTemplate.Replace("{desk}", "Rates", StringComparison.Ordinal).Replace("{id}", alert, StringComparison.Ordinal));
        }

        foreach (var prompt in await client.ListPromptsAsync())
        {
            await client.GetPromptAsync(prompt.Name, prompt.Name == "analyze_risk_breach" ? new Dictionary<string, object?> { ["alert_id"] = alert } : null);
        }

        await frontend.StopAsync();
        Assert.All(frontend.Registry.Audit, entry => Assert.NotNull(Right.For(entry.Tool)));
        // 2 resources, 3 templates, 2 prompts; and the list of resources, which asks for alerts.
        Assert.Equal(8, frontend.Registry.Audit.Count(entry => entry.Tool != "mcp_protocol"));
        Assert.DoesNotContain(frontend.Registry.Audit, entry => entry.Tool == UnknownName.Tool);
    }
}
