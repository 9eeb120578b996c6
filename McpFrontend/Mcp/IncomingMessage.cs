using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using RiskMonitor.UseCases.Inputs;
using RiskMonitor.UseCases.Tools;

namespace RiskMonitor.McpFrontend.Mcp;

/// <summary>One message of a client, in the form that the SDK reads.</summary>
/// <param name="Json">What is carried out.</param>
/// <param name="Method">Null for an answer.</param>
/// <param name="Id">A string or a whole number; null for what asks for no answer.</param>
/// <param name="Refusal">Why it is not carried out; null where it can be.</param>
internal sealed record IncomingMessage(ReadOnlyMemory<byte> Json, string? Method, JsonElement? Id, MessageRefusal? Refusal)
{
    private const string Version = "2.0";
    private const string Listen = "subscriptions/listen";
    private const string ProgressToken = "progressToken";
    private const string Meta = "_meta";
    private const string Params = "params";

    /// <summary>Its answer is a stream by nature.</summary>
    public bool NeedsStream => Method == Listen;

    /// <summary>It opens what revisions before 2026-07-28 call a session.</summary>
    public bool IsHandshake { get; private init; }

    public static IncomingMessage ReadOfBatch(JsonElement message)
    {
        var read = Read(message, Encoding.UTF8.GetBytes(message.GetRawText()));
        return read is { Refusal: null, Method: MessageParams.Initialize }
            ? read with { Refusal = MessageRefusal.Of(read.Id, McpErrorCode.InvalidRequest, "initialize must not be part of a batch; send it alone") }
            : read;
    }

    /// <param name="json">The same as it was sent.</param>
    /// <exception cref="InvalidOperationException">A name or text of its own is no text.</exception>
    public static IncomingMessage Read(JsonElement message, ReadOnlyMemory<byte> json)
    {
        if (message.ValueKind != JsonValueKind.Object)
        {
            return Invalid(null, "a message is a JSON object; send one with jsonrpc, id, method and params");
        }

        var hasId = message.TryGetProperty("id", out var givenId);
        var id = hasId ? IdOf(givenId) : null;
        if (hasId && id is null)
        {
            return Invalid(null, $"id is {Quoted(givenId)}; give a string, or a whole number of at most 64 bits");
        }

        if (!message.TryGetProperty("jsonrpc", out var version) || version.ValueKind != JsonValueKind.String || !version.ValueEquals(Version))
        {
            return Invalid(id, $"jsonrpc is missing or not \"{Version}\"; this server speaks JSON-RPC {Version}");
        }

        if (!message.TryGetProperty("method", out var method))
        {
            return message.TryGetProperty("result", out _) || message.TryGetProperty("error", out _)
                ? ReadAnswer(message, json, id)
                : Invalid(id, "method is missing; name what to do");
        }

        if (method.ValueKind != JsonValueKind.String || method.GetString() is not { Length: > 0 } name)
        {
            return Invalid(id, $"method is {Quoted(method)}; give the name of a method");
        }

        message.TryGetProperty(Params, out var parameters);
        var isHandshake = name == MessageParams.Initialize && !MessageParams.IsRemoved(name, parameters);
        return MessageParams.Problem(name, parameters) is { } problem
            ? new IncomingMessage(json, name, id, MessageRefusal.Of(id, McpErrorCode.InvalidParams, problem))
            : new IncomingMessage(Rewritten(message, json, isHandshake, givenId, id, parameters), name, id, null) { IsHandshake = isHandshake };
    }

    /// <summary>Keep the SDK's form of an answer: in the error for any other form it names its own types.</summary>
    private static IncomingMessage ReadAnswer(JsonElement message, ReadOnlyMemory<byte> json, JsonElement? id) =>
        id is null || (message.TryGetProperty("error", out var error) && !IsError(error))
            ? Invalid(id, "an answer has the id of the request, and a result or an error object with code (a whole number) and message (a string)")
            : new IncomingMessage(json, null, id, null);

    private static bool IsError(JsonElement error) =>
        error.ValueKind == JsonValueKind.Object
        && error.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.Number && code.TryGetInt32(out _)
        && error.TryGetProperty("message", out var text) && text.ValueKind == JsonValueKind.String && text.GetString() is not null;

    /// <summary>1.0 is the whole number 1, which the SDK reads only when it is written so.</summary>
    /// <returns>Null where it cannot be an id.</returns>
    private static JsonElement? IdOf(JsonElement given) =>
        given.ValueKind == JsonValueKind.String ? given.GetString() is not null ? given : null
        : WholeNumber.LongOf(given) is not { } number ? null
        : given.TryGetInt64(out _) ? given
        : JsonSerializer.SerializeToElement(number);

    private static ReadOnlyMemory<byte> Rewritten(JsonElement message, ReadOnlyMemory<byte> json, bool isHandshake, JsonElement givenId, JsonElement? id, JsonElement parameters)
    {
        var progress = parameters.ValueKind == JsonValueKind.Object && parameters.TryGetProperty(Meta, out var meta) && meta.ValueKind == JsonValueKind.Object && meta.TryGetProperty(ProgressToken, out var token)
            ? token
            : default;
        var version = isHandshake ? MessageParams.NegotiatedVersion(parameters) : null;
        if (!IsWrittenOtherwise(givenId) && !IsWrittenOtherwise(progress) && version is null)
        {
            return json;
        }

        var node = JsonObject.Create(message)!;
        if (IsWrittenOtherwise(givenId))
        {
            node["id"] = JsonValue.Create(id!.Value);
        }

        if (IsWrittenOtherwise(progress))
        {
            node[Params]![Meta]![ProgressToken] = WholeNumber.LongOf(progress);
        }

        if (version is not null)
        {
            node[Params]![MessageParams.ProtocolVersion] = version;
        }

        return Encoding.UTF8.GetBytes(node.ToJsonString());
    }

    private static bool IsWrittenOtherwise(JsonElement number) =>
        number.ValueKind == JsonValueKind.Number && !number.TryGetInt64(out _) && WholeNumber.LongOf(number) is not null;

    private static IncomingMessage Invalid(JsonElement? id, string problem) =>
        new(ReadOnlyMemory<byte>.Empty, null, id, MessageRefusal.Of(id, McpErrorCode.InvalidRequest, problem));

    private static string Quoted(JsonElement value) => ToolArguments.Quoted(value.GetRawText());
}
