using System.ComponentModel;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace RiskMonitor.Offline.Tests;

public sealed class McpTests
{
    [Fact]
    public async Task A_client_lists_the_tools_and_calls_one_over_http()
    {
        await using var app = await StartAsync();
        await using var client = await McpClient.CreateAsync(new HttpClientTransport(new HttpClientTransportOptions { Endpoint = new Uri(app.Urls.First() + "/mcp") }));

        var tool = Assert.Single(await client.ListToolsAsync());
        var answer = await client.CallToolAsync(tool.Name, new Dictionary<string, object?> { ["text"] = "hello" });

        Assert.Equal("hello", Assert.IsType<TextContentBlock>(Assert.Single(answer.Content)).Text);
    }

    [Fact]
    public async Task A_header_that_says_another_method_than_the_body_is_refused()
    {
        await using var app = await StartAsync();

        var response = await PostAsync(app, headerMethod: "tools/call", "tools/list");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = await response.Content.ReadFromJsonAsync<JsonObject>();
        Assert.Equal(7, (int)error!["id"]!);
        Assert.Equal(-32020, (int)error["error"]!["code"]!);
    }

    [Fact]
    public async Task A_method_that_does_not_exist_is_not_found()
    {
        await using var app = await StartAsync();

        var response = await PostAsync(app, "tools/forget", "tools/forget");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private static async Task<HttpResponseMessage> PostAsync(WebApplication app, string headerMethod, string method)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, app.Urls.First() + "/mcp");
        request.Headers.Add("Accept", "application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
        request.Headers.Add("Mcp-Method", headerMethod);
        request.Content = JsonContent.Create(new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = 7,
            ["method"] = method,
            ["params"] = new JsonObject
            {
                ["_meta"] = new JsonObject
                {
                    ["io.modelcontextprotocol/protocolVersion"] = "2026-07-28",
                    ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject(),
                },
            },
        });
        return await http.SendAsync(request);
    }

    private static async Task<WebApplication> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddMcpServer().WithHttpTransport(o => o.Stateless = true).WithTools<Tools>();
        var app = builder.Build();
        app.MapMcp("/mcp");
        await app.StartAsync();
        return app;
    }

    [McpServerToolType]
    private sealed class Tools
    {
        [McpServerTool(Name = "echo")]
        [Description("Says what it is told.")]
        public static string Echo(string text) => text;
    }
}
