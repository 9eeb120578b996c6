using System.Text.Json;
using OpenAI.Chat;
using Finish = OpenAI.Chat.ChatFinishReason;

namespace Microsoft.Extensions.AI;

/// <summary>The library's completion in the common form.</summary>
internal static class ResponseForm
{
    public static ChatResponse Of(ChatCompletion completion)
    {
        var message = new ChatMessage(ChatRole.Assistant, [])
        {
            CreatedAt = completion.CreatedAt,
            MessageId = completion.Id,
            RawRepresentation = completion,
        };
        foreach (var part in completion.Content.Where(part => part.Kind == ChatMessageContentPartKind.Text))
        {
            message.Contents.Add(new TextContent(part.Text));
        }

        if (completion.Refusal is { } refusal)
        {
            message.Contents.Add(new ErrorContent(refusal) { ErrorCode = nameof(completion.Refusal) });
        }

        foreach (var call in completion.ToolCalls)
        {
            message.Contents.Add(FunctionCallContent.CreateFromParsedArguments(call.FunctionArguments, call.Id, call.FunctionName, Arguments));
        }

        return new ChatResponse(message)
        {
            CreatedAt = completion.CreatedAt,
            FinishReason = Reason(completion.FinishReason),
            ModelId = completion.Model,
            RawRepresentation = completion,
            ResponseId = completion.Id,
            Usage = completion.Usage is not { } usage ? null : new UsageDetails
            {
                InputTokenCount = usage.InputTokenCount,
                OutputTokenCount = usage.OutputTokenCount,
                TotalTokenCount = usage.TotalTokenCount,
            },
        };
    }

    /// <summary>What cannot be read becomes the content's exception.</summary>
    private static Dictionary<string, object?>? Arguments(BinaryData json) => JsonSerializer.Deserialize<Dictionary<string, object?>>(json, AIJsonUtilities.DefaultOptions);

    private static ChatFinishReason Reason(Finish reason) => reason switch
    {
        Finish.Stop => ChatFinishReason.Stop,
        Finish.Length => ChatFinishReason.Length,
        Finish.ContentFilter => ChatFinishReason.ContentFilter,
        Finish.ToolCalls or Finish.FunctionCall => ChatFinishReason.ToolCalls,
        _ => new ChatFinishReason(reason.ToString()),
    };
}
