using System.ClientModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using OpenAI;

namespace RiskMonitor.Offline.Tests;

public sealed class ChatClientTests
{
    private static readonly AIFunctionDeclaration s_tool = AIFunctionFactory.CreateDeclaration(
        "weigh", "Weighs a thing.", JsonElement.Parse("""{"type":"object","properties":{"thing":{"type":"string"}},"required":["thing"]}"""), null);

    [Fact]
    public async Task Messages_options_and_tools_are_sent_as_chat_completions()
    {
        JsonNode? sent = null;
        await using var server = await StartAsync(body =>
        {
            sent = body;
            return Completion(new JsonObject { ["role"] = "assistant", ["content"] = "hello" });
        });
        ChatMessage[] messages =
        [
            new(ChatRole.System, "be brief"),
            new(ChatRole.User, "how heavy?"),
            new(ChatRole.Assistant, [new FunctionCallContent("call_1", "weigh", new Dictionary<string, object?> { ["thing"] = "gold" })]),
            new(ChatRole.Tool, [new FunctionResultContent("call_1", """{"kg":5}""")]),
        ];

        var response = await Client(server).GetResponseAsync(messages, new ChatOptions { Temperature = 0, MaxOutputTokens = 70, Tools = [s_tool] });

        Assert.Equal("hello", response.Text);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
        Assert.Equal(15, response.Usage!.TotalTokenCount);
        Assert.Equal("m", (string?)sent!["model"]);
        Assert.Equal(["system", "user", "assistant", "tool"], sent["messages"]!.AsArray().Select(message => (string)message!["role"]!));
        Assert.Equal("weigh", (string?)sent["messages"]![2]!["tool_calls"]![0]!["function"]!["name"]);
        Assert.Equal("gold", (string?)JsonNode.Parse((string)sent["messages"]![2]!["tool_calls"]![0]!["function"]!["arguments"]!)!["thing"]);
        Assert.Equal("call_1", (string?)sent["messages"]![3]!["tool_call_id"]);
        Assert.Contains("\"kg\":5", sent["messages"]![3]!["content"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal("weigh", (string?)sent["tools"]![0]!["function"]!["name"]);
        Assert.Equal("thing", (string?)sent["tools"]![0]!["function"]!["parameters"]!["required"]![0]);
        Assert.Equal(70, (int?)sent["max_completion_tokens"]);
    }

    [Fact]
    public async Task Tool_calls_are_handed_out_and_what_is_no_json_is_told_with_them()
    {
        await using var server = await StartAsync(_ => Completion(
            new JsonObject
            {
                ["role"] = "assistant",
                ["content"] = null,
                ["tool_calls"] = new JsonArray(Call("a", """{"thing":"gold"}"""), Call("b", "not json")),
            },
            "tool_calls"));

        var response = await Client(server).GetResponseAsync([new ChatMessage(ChatRole.User, "?")], new ChatOptions { Tools = [s_tool] });

        Assert.Equal(ChatFinishReason.ToolCalls, response.FinishReason);
        var calls = response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().ToList();
        Assert.Equal(["a", "b"], calls.Select(call => call.CallId));
        Assert.Equal("gold", calls[0].Arguments!["thing"]?.ToString());
        Assert.Null(calls[0].Exception);
        Assert.NotNull(calls[1].Exception);
    }

    [Fact]
    public async Task An_error_is_the_librarys_and_cancellation_cancels()
    {
        await using var server = await StartAsync(async context =>
        {
            context.Response.StatusCode = 401;
            await context.Response.WriteAsync("no");
        });
        await using var hanging = await StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        var error = await Assert.ThrowsAsync<ClientResultException>(() => Client(server).GetResponseAsync([new ChatMessage(ChatRole.User, "?")]));
        Assert.Equal(401, error.Status);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Client(hanging).GetResponseAsync([new ChatMessage(ChatRole.User, "?")], cancellationToken: soon.Token));
    }

    private static IChatClient Client(WebApplication server) => new OpenAIClient(
        new ApiKeyCredential("key"), new OpenAIClientOptions { Endpoint = new Uri(server.Urls.First() + "/v1") }).GetChatClient("m").AsIChatClient();

    private static JsonNode Call(string id, string arguments) => new JsonObject
    {
        ["id"] = id,
        ["type"] = "function",
        ["function"] = new JsonObject { ["name"] = "weigh", ["arguments"] = arguments },
    };

    private static JsonObject Completion(JsonObject message, string finish = "stop") => new()
    {
        ["id"] = "c",
        ["object"] = "chat.completion",
        ["created"] = 1,
        ["model"] = "m",
        ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["message"] = message, ["finish_reason"] = finish }),
        ["usage"] = new JsonObject { ["prompt_tokens"] = 10, ["completion_tokens"] = 5, ["total_tokens"] = 15 },
    };

    private static Task<WebApplication> StartAsync(Func<JsonNode, JsonNode> answer) => StartAsync(async context =>
        await context.Response.WriteAsJsonAsync(answer((await context.Request.ReadFromJsonAsync<JsonNode>())!)));

    private static async Task<WebApplication> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost("/v1/chat/completions", answer);
        await app.StartAsync();
        return app;
    }
}
