using System.Text.Json;
using OpenAI.Chat;
using Completion = OpenAI.Chat.ChatMessage;

namespace Microsoft.Extensions.AI;

/// <summary>Messages and options in the library's form.</summary>
internal static class RequestForm
{
    public static List<Completion> Messages(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        List<Completion> result = [];
        if (!string.IsNullOrWhiteSpace(options?.Instructions))
        {
            result.Add(new SystemChatMessage(options.Instructions));
        }

        foreach (var message in messages)
        {
            if (message.Role == ChatRole.System)
            {
                result.Add(new SystemChatMessage(message.Text));
            }
            else if (message.Role == ChatRole.Tool)
            {
                result.AddRange(message.Contents.OfType<FunctionResultContent>().Select(answered => new ToolChatMessage(answered.CallId, ResultText(answered))));
            }
            else if (message.Role == ChatRole.Assistant)
            {
                result.Add(Assistant(message));
            }
            else
            {
                result.Add(new UserChatMessage(message.Text));
            }
        }

        return result;
    }

    public static ChatCompletionOptions Options(ChatOptions? options)
    {
        var result = new ChatCompletionOptions
        {
            Temperature = options?.Temperature,
            TopP = options?.TopP,
            MaxOutputTokenCount = options?.MaxOutputTokens,
        };
        foreach (var stop in options?.StopSequences ?? [])
        {
            result.StopSequences.Add(stop);
        }

        foreach (var tool in (options?.Tools ?? []).OfType<AIFunctionDeclaration>())
        {
            result.Tools.Add(ChatTool.CreateFunctionTool(tool.Name, tool.Description, BinaryData.FromString(tool.JsonSchema.GetRawText())));
        }

        if (result.Tools.Count > 0)
        {
            result.ToolChoice = options!.ToolMode switch
            {
                NoneChatToolMode => ChatToolChoice.CreateNoneChoice(),
                RequiredChatToolMode { RequiredFunctionName: { } name } => ChatToolChoice.CreateFunctionChoice(name),
                RequiredChatToolMode => ChatToolChoice.CreateRequiredChoice(),
                AutoChatToolMode => ChatToolChoice.CreateAutoChoice(),
                _ => null,
            };
        }

        return result;
    }

    private static AssistantChatMessage Assistant(ChatMessage message)
    {
        var calls = message.Contents.OfType<FunctionCallContent>()
            .Select(call => ChatToolCall.CreateFunctionToolCall(call.CallId, call.Name, BinaryData.FromString(JsonSerializer.Serialize(call.Arguments ?? new Dictionary<string, object?>(), AIJsonUtilities.DefaultOptions))))
            .ToList();
        if (calls.Count == 0)
        {
            return new AssistantChatMessage(message.Text);
        }

        var result = new AssistantChatMessage(calls);
        if (message.Text.Length > 0)
        {
            result.Content.Add(ChatMessageContentPart.CreateTextPart(message.Text));
        }

        return result;
    }

    private static string ResultText(FunctionResultContent answered) =>
        answered.Result as string ?? JsonSerializer.Serialize(answered.Result, AIJsonUtilities.DefaultOptions);
}
