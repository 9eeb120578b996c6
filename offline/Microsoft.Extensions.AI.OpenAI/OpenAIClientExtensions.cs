using OpenAI.Chat;

namespace Microsoft.Extensions.AI;

/// <summary>The library's clients behind the common interface; here only that for chat completions.</summary>
public static class OpenAIClientExtensions
{
    public static IChatClient AsIChatClient(this ChatClient chatClient)
    {
        ArgumentNullException.ThrowIfNull(chatClient);
        return new OpenAIChatClient(chatClient);
    }
}
