using System.ComponentModel;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace RiskMonitor.Conformance.Host.Fixtures;

/// <summary>A prompt per kind of content, one with arguments that can be completed, and one that asks back.</summary>
[McpServerPromptType]
internal sealed class FixturePrompts
{
    private static readonly string[] Completions = ["paris", "park", "party", "testValue1"];

    [McpServerPrompt(Name = "test_simple_prompt")]
    [Description("Text, without arguments.")]
    public static string Simple() => "This is a simple prompt for testing.";

    [McpServerPrompt(Name = "test_prompt_with_arguments")]
    [Description("Text with two arguments in it.")]
    public static string WithArguments([Description("The first")] string arg1, [Description("The second")] string arg2) =>
        $"Prompt with arguments: arg1='{arg1}', arg2='{arg2}'";

    [McpServerPrompt(Name = "test_prompt_with_embedded_resource")]
    [Description("A resource and what to do with it.")]
    public static IEnumerable<PromptMessage> WithResource([Description("The resource's address")] string resourceUri) =>
    [
        Says(new EmbeddedResourceBlock
        {
            Resource = new TextResourceContents { Uri = resourceUri, MimeType = "text/plain", Text = "Embedded resource content for testing." },
        }),
        Says("Please process the embedded resource above."),
    ];

    [McpServerPrompt(Name = "test_prompt_with_image")]
    [Description("An image and what to do with it.")]
    public static IEnumerable<PromptMessage> WithImage() =>
        [Says(ImageContentBlock.FromBytes(SampleMedia.Png, SampleMedia.PngType)), Says("Please analyze the image above.")];

    [McpServerPrompt(Name = "test_input_required_result_prompt")]
    [Description("Asks for a context before it says anything.")]
    public static string WithInput(RequestContext<GetPromptRequestParams> request) =>
        Input.Elicited(request.Params, "user_context") is { } answer
            ? $"Go on with this context: {answer.Field("context")}"
            : throw Input.Required(("user_context", Input.Ask("What context should the prompt use?", "context", Input.Words)));

    internal static ValueTask<CompleteResult> CompleteAsync(RequestContext<CompleteRequestParams> request, CancellationToken cancellationToken)
    {
        var begun = request.Params?.Argument.Value ?? "";
        string[] values = [.. Completions.Where(value => value.StartsWith(begun, StringComparison.OrdinalIgnoreCase))];
        return ValueTask.FromResult(new CompleteResult { Completion = new() { Values = values, Total = values.Length, HasMore = false } });
    }

    private static PromptMessage Says(string text) => Says(new TextContentBlock { Text = text });

    private static PromptMessage Says(ContentBlock content) => new() { Role = Role.User, Content = content };
}
