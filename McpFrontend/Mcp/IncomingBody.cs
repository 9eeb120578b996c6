using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using ModelContextProtocol;
using RiskMonitor.McpFrontend.Http;

namespace RiskMonitor.McpFrontend.Mcp;

/// <summary>What a client has posted: one message, or a batch of the revisions that know batches.</summary>
/// <param name="Refusal">Why nothing of it is carried out; null where it can be.</param>
/// <param name="Document">What was read, whose memory goes back to its pool when this is disposed: ids and refusals hold parts of it; null where nothing was.</param>
internal sealed record IncomingBody(IReadOnlyList<IncomingMessage> Messages, bool IsBatch, MessageRefusal? Refusal, JsonDocument? Document = null) : IDisposable
{
    public const int MostMessages = 50;

    /// <summary>As deep as the SDK reads.</summary>
    private const int MostDepth = 64;

    /// <summary>Batches came with JSON-RPC and went with revision 2025-06-18.</summary>
    private const string LastRevisionWithBatches = "2025-03-26";

    private static readonly JsonDocumentOptions s_strict = new() { MaxDepth = MostDepth, AllowDuplicateProperties = false };
    private static readonly JsonDocumentOptions s_lenient = new() { MaxDepth = MostDepth };

    /// <param name="version">The protocol revision that the request names; null for none, which means 2025-03-26.</param>
    public static IncomingBody Read(ReadOnlyMemory<byte> body, string? version)
    {
        if (!Utf8.IsValid(body.Span))
        {
            return Refused(McpErrorCode.ParseError, "the body is not UTF-8; send JSON in UTF-8");
        }

        JsonDocument? document = null;
        try
        {
            document = JsonDocument.Parse(body, s_strict);
            var root = document.RootElement;
            var read = root.ValueKind == JsonValueKind.Array ? ReadBatch(root, version) : new IncomingBody([IncomingMessage.Read(root, body)], IsBatch: false, Refusal: null);
            return read with { Document = document };
        }
        catch (JsonException exception)
        {
            return IsJson(body)
                ? Refused(McpErrorCode.InvalidRequest, "an object of the message has a name more than once; give each once")
                : Refused(McpErrorCode.ParseError, string.Create(CultureInfo.InvariantCulture, $"the body is not JSON, or nested deeper than {MostDepth} levels ({JsonText.Place(body, exception)})"));
        }
        catch (InvalidOperationException)
        {
            document?.Dispose();
            // Half a surrogate pair in a name: JSON by its grammar, and no text.
            return Refused(McpErrorCode.InvalidRequest, "the message cannot be read; send params and arguments as an object, texts as whole Unicode");
        }
    }

    public void Dispose() => Document?.Dispose();

    private static IncomingBody ReadBatch(JsonElement root, string? version)
    {
        if (version is not null && string.CompareOrdinal(version, LastRevisionWithBatches) > 0)
        {
            return Refused(McpErrorCode.InvalidRequest, $"revision {LastRevisionWithBatches} was the last with batches; send one message a request");
        }

        var count = root.GetArrayLength();
        return count == 0 ? Refused(McpErrorCode.InvalidRequest, "the batch is empty; send at least one message")
            : count > MostMessages ? Refused(McpErrorCode.InvalidRequest, string.Create(CultureInfo.InvariantCulture, $"the batch has {count} messages; send at most {MostMessages}"))
            : new IncomingBody([.. root.EnumerateArray().Select(IncomingMessage.ReadOfBatch)], IsBatch: true, Refusal: null);
    }

    private static bool IsJson(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body, s_lenient);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static IncomingBody Refused(McpErrorCode code, string message) => new([], IsBatch: false, MessageRefusal.Of(null, code, message));
}
