using System.ComponentModel;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace RiskMonitor.Conformance.Host.Fixtures;

/// <summary>A tool per kind of content that a call may answer with.</summary>
[McpServerToolType]
internal sealed class ContentTools
{
    [McpServerTool(Name = "test_simple_text")]
    [Description("Answers with text.")]
    public static string SimpleText() => "This is a simple text response for testing.";

    [McpServerTool(Name = "test_image_content")]
    [Description("Answers with an image.")]
    public static ContentBlock Image() => ImageContentBlock.FromBytes(SampleMedia.Png, SampleMedia.PngType);

    [McpServerTool(Name = "test_audio_content")]
    [Description("Answers with a sound.")]
    public static ContentBlock Audio() => AudioContentBlock.FromBytes(SampleMedia.Wav, SampleMedia.WavType);

    [McpServerTool(Name = "test_embedded_resource")]
    [Description("Answers with a resource.")]
    public static ContentBlock Embedded() => new EmbeddedResourceBlock
    {
        Resource = new TextResourceContents { Uri = "test://embedded-resource", MimeType = "text/plain", Text = "This is an embedded resource content." },
    };

    [McpServerTool(Name = "test_multiple_content_types")]
    [Description("Answers with text, an image and a resource.")]
    public static IEnumerable<ContentBlock> Mixed() =>
    [
        new TextContentBlock { Text = "Multiple content types test:" },
        ImageContentBlock.FromBytes(SampleMedia.Png, SampleMedia.PngType),
        new EmbeddedResourceBlock
        {
            Resource = new TextResourceContents { Uri = "test://mixed-content-resource", MimeType = "application/json", Text = """{"test":"data","value":123}""" },
        },
    ];

    [McpServerTool(Name = "test_error_handling")]
    [Description("Always fails.")]
    public static string Fail() => throw new McpException("This tool intentionally returns an error for testing");

    [McpServerTool(Name = "test_tool_with_progress")]
    [Description("Tells how far it is, three times.")]
    public static async Task<string> ProgressAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        if (request.Params?.ProgressToken is not { } token)
        {
            return "Nobody asked for progress.";
        }

        foreach (var progress in new[] { 0, 50, 100 })
        {
            await request.Server.NotifyProgressAsync(token, new ProgressNotificationValue { Progress = progress, Total = 100 }, cancellationToken: cancellationToken);
        }

        return "Progress was told three times.";
    }
}
