using System.ComponentModel;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace RiskMonitor.Conformance.Host.Fixtures;

/// <summary>Text, bytes, and a template.</summary>
[McpServerResourceType]
internal sealed class FixtureResources
{
    [McpServerResource(UriTemplate = "test://static-text", Name = "static_text", MimeType = "text/plain")]
    [Description("Text that never changes.")]
    public static string Text() => "This is the content of the static text resource.";

    [McpServerResource(UriTemplate = "test://static-binary", Name = "static_binary", MimeType = SampleMedia.PngType)]
    [Description("An image that never changes.")]
    public static ResourceContents Binary() => BlobResourceContents.FromBytes(SampleMedia.Png, "test://static-binary", SampleMedia.PngType);

    [McpServerResource(UriTemplate = "test://template/{id}/data", Name = "template", MimeType = "application/json")]
    [Description("Data of an id.")]
    public static ResourceContents Template(string id) => new TextResourceContents
    {
        Uri = $"test://template/{id}/data",
        MimeType = "application/json",
        Text = new JsonObject { ["id"] = id, ["templateTest"] = true, ["data"] = $"Data for ID: {id}" }.ToJsonString(),
    };
}
