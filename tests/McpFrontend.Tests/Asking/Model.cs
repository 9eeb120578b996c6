using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace RiskMonitor.McpFrontend.Tests.Asking;

/// <summary>A server that speaks OpenAI's chat completions on a port of its own, and answers as the test says.</summary>
internal sealed class Model : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Model(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single() + "/v1";

    /// <summary>The bodies received.</summary>
    public ConcurrentQueue<JsonNode> Requests { get; } = new();

    public ConcurrentQueue<string> Keys { get; } = new();

    /// <param name="answer">Answers a request by its number, from 0.</param>
    public static async Task<Model> StartAsync(Func<HttpContext, int, JsonNode, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var model = new Model(app);
        var number = -1;
        app.MapPost("/v1/chat/completions", async context =>
        {
            var body = (await JsonNode.ParseAsync(context.Request.Body))!;
            model.Requests.Enqueue(body);
            model.Keys.Enqueue(context.Request.Headers.Authorization.ToString());
            await answer(context, Interlocked.Increment(ref number), body);
        });
        await app.StartAsync();
        return model;
    }

    /// <summary>One answer after the other; the last for all that follow.</summary>
    public static Task<Model> StartAsync(params JsonNode[] answers) => StartAsync((context, number, _) =>
        WriteAsync(context, answers[Math.Min(number, answers.Length - 1)]));

    public static Task WriteAsync(HttpContext context, JsonNode answer) => context.Response.WriteAsJsonAsync(answer);

    /// <summary>The model concludes.</summary>
    public static JsonNode Says(string? text, string finish = "stop") => Completion(new JsonObject { ["role"] = "assistant", ["content"] = text }, finish);

    /// <summary>The model calls tools.</summary>
    public static JsonNode Calls(params (string Tool, string Arguments)[] calls) => Completion(
        new JsonObject
        {
            ["role"] = "assistant",
            ["content"] = null,
            ["tool_calls"] = new JsonArray([.. calls.Select((call, i) => (JsonNode)new JsonObject
            {
                ["id"] = $"call_{i}_{Guid.NewGuid():N}",
                ["type"] = "function",
                ["function"] = new JsonObject { ["name"] = call.Tool, ["arguments"] = call.Arguments },
            })]),
        },
        "tool_calls");

    public static JsonNode Asks(string desk) => Calls(("monitor_desk_exposure", JsonSerializer.Serialize(new { desk })));

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static JsonObject Completion(JsonObject message, string finish) => new()
    {
        ["id"] = "chatcmpl-1",
        ["object"] = "chat.completion",
        ["created"] = 1_777_888_999,
        ["model"] = "test-model",
        ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["message"] = message, ["finish_reason"] = finish }),
        ["usage"] = new JsonObject { ["prompt_tokens"] = 10, ["completion_tokens"] = 5, ["total_tokens"] = 15 },
    };
}
