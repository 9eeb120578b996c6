using OpenAI.Chat;

namespace Microsoft.Extensions.AI;

/// <summary>A chat over OpenAI's chat completions: one request, one answer; tools are declared and their calls handed out, not run.</summary>
internal sealed class OpenAIChatClient(ChatClient client) : IChatClient
{
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var completion = await client.CompleteChatAsync(RequestForm.Messages(messages, options), RequestForm.Options(options), cancellationToken).ConfigureAwait(false);
        return ResponseForm.Of(completion.Value);
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("the stand-in does not stream; see offline/README.md");

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClient) ? client
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <summary>The library's client holds nothing to give back.</summary>
    public void Dispose()
    {
    }
}
