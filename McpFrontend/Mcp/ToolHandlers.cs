using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RiskMonitor.McpFrontend.Http;
using RiskMonitor.Risk.Texts;
using RiskMonitor.UseCases.Access;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Calls;
using RiskMonitor.UseCases.Tools;

namespace RiskMonitor.McpFrontend.Mcp;

/// <summary>Lists the tools for a caller, and calls them.</summary>
internal sealed class ToolHandlers(ToolCatalogue catalogue, CallRunner calls, McpCalls refusals, TimeProvider time)
{
    private static readonly TimeSpan s_tellEvery = TimeSpan.FromSeconds(1);

    private readonly Dictionary<RiskTool, Tool> _descriptions = catalogue.All.ToDictionary(tool => tool, Describe);

    public ListToolsResult List(Caller caller, RequestContext<ListToolsRequestParams> request)
    {
        var result = new ListToolsResult { Tools = [.. catalogue.For(caller).Select(tool => _descriptions[tool])] };
        return Caching.Private(result, request, Caching.Long);
    }

    public async ValueTask<CallToolResult> CallAsync(Caller caller, RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        if (catalogue.Find(request.Params.Name, caller) is not { } tool)
        {
            var refusal = new McpProtocolException($"there is no tool {ToolArguments.Quoted(request.Params.Name)}; tools/list names those there are", McpErrorCode.InvalidParams);
            throw await refusals.RefusedAsync(caller, RequestMethods.ToolsCall, request.Params.Name, refusal, cancellationToken);
        }

        var call = new Call(Call.NewRequestId(), tool.Name, caller, Channel.Mcp) { Asked = Asked.Of(request.Params.Arguments) };
        try
        {
            var answering = calls.RunAsync(call, (callContext, token) => AskAsync(tool, request.Params.Arguments, callContext, token), cancellationToken);
            if (tool.AsksOutside && request.Params.ProgressToken is { } token)
            {
                await SendProgressAsync(request.Server, token, answering, cancellationToken);
            }

            return Result(request, await answering);
        }
        catch (RequestException error)
        {
            var problem = new ToolError(Problem.Of(error, call.RequestId));
            return Result(request, Written.Of(VisibleText.Escaped($"{problem.Error.Code}: {error.Message}"), problem), isError: true);
        }
    }

    private static async Task<Written> AskAsync(RiskTool tool, IDictionary<string, JsonElement>? arguments, CallContext callContext, CancellationToken cancellationToken)
    {
        var answer = await tool.AskAsync(ToolArguments.Read(arguments, tool.Parameters), callContext, cancellationToken);
        return Written.Of(tool.Read(answer), answer);
    }

    /// <summary>Says every second that the call is still under way, so that clients do not give it up.</summary>
    private async Task SendProgressAsync(McpServer client, ProgressToken token, Task answering, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(s_tellEvery, time);
        for (var seconds = 1; await Task.WhenAny(answering, timer.WaitForNextTickAsync(cancellationToken).AsTask()) != answering; seconds++)
        {
            await client.NotifyProgressAsync(token, new ProgressNotificationValue { Progress = seconds, Message = "looking for the answer" }, cancellationToken: cancellationToken);
        }
    }

    /// <summary>The last step: an answer that comes when its time is over must not reach the message.</summary>
    private static CallToolResult Result(MessageContext request, Written answer, bool? isError = null)
    {
        StructuredContent.Keep(request, answer.Json);
        return new CallToolResult { Content = [new TextContentBlock { Text = answer.Text }], IsError = isError };
    }

    private static Tool Describe(RiskTool tool) => new()
    {
        Name = tool.Name,
        Title = tool.Title,
        Description = tool.Description,
        InputSchema = tool.InputSchema,
        OutputSchema = tool.OutputSchema,
        Annotations = new ToolAnnotations { ReadOnlyHint = true, IdempotentHint = true, DestructiveHint = false, OpenWorldHint = tool.AsksOutside },
    };
}

/// <summary>An answer for reading, and as JSON.</summary>
internal readonly record struct Written(string Text, byte[] Json)
{
    public static Written Of(string text, object answer) => new(text, JsonSerializer.SerializeToUtf8Bytes(answer, answer.GetType(), RiskJson.Options));
}

/// <summary>Why there is no answer: the same object that HTTP sends.</summary>
internal sealed record ToolError(Problem Error);
