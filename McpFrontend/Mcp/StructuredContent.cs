using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.McpFrontend.Mcp;

/// <summary>
/// Carries a tool's structured answer past the SDK as it was written, and puts it into the message on its way out. As the JSON element that the
/// SDK's result takes, it would be read, written, read and written again.
/// </summary>
internal static class StructuredContent
{
    private const string Key = "riskmonitor/structuredContent";

    /// <summary>Keeps the answer to this request.</summary>
    public static void Keep(MessageContext request, byte[] json) => request.Items[Key] = json;

    /// <summary>The message filter that puts it where it belongs.</summary>
    public static McpMessageHandler IntoResult(McpMessageHandler next) => (context, cancellationToken) =>
    {
        if (context.JsonRpcMessage is JsonRpcResponse { Result: JsonObject result } && context.Items.Remove(Key, out var json))
        {
            result["structuredContent"] = JsonValue.Create(new Raw((byte[])json!), Raw.TypeInfo);
        }

        return next(context, cancellationToken);
    };

    /// <summary>JSON that is written already.</summary>
    private sealed record Raw(byte[] Json)
    {
        /// <summary>For the very options that the SDK writes messages with: a node asks any other options for the type, and the SDK's do not know it.</summary>
        public static readonly JsonTypeInfo<Raw> TypeInfo =
            JsonMetadataServices.CreateValueInfo<Raw>(McpJsonUtilities.DefaultOptions.TypeInfoResolverChain.OfType<JsonSerializerContext>().First().Options, new AsIs());

        private sealed class AsIs : OnlyWritten<Raw>
        {
            public override void Write(Utf8JsonWriter writer, Raw value, JsonSerializerOptions options) => writer.WriteRawValue(value.Json, skipInputValidation: true);
        }
    }
}
