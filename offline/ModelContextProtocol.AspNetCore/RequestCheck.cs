using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace ModelContextProtocol.AspNetCore;

/// <summary>
/// What a request must say before it reaches the server: a protocol version that is known and the same in header and
/// body, and, from revision 2026-07-28 on, the method and the name in headers and the client's capabilities in
/// <c>_meta</c> (SEP-2243, SEP-2575).
/// </summary>
internal sealed class RequestCheck(IHeaderDictionary headers, JsonRpcMessage message, McpServerOptions options)
{
    internal const string VersionHeader = "MCP-Protocol-Version";

    private const string Modern = "2026-07-28";
    private const string MethodHeader = "Mcp-Method";
    private const string NameHeader = "Mcp-Name";

    private static readonly string[] s_versions = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", Modern];

    // These have other ways since the revision that knows no sessions.
    private static readonly string[] s_removed = ["initialize", "ping", "logging/setLevel", "resources/subscribe", "resources/unsubscribe"];

    private readonly string _version = headers[VersionHeader].ToString();
    private readonly string? _method = (message as JsonRpcRequest)?.Method ?? (message as JsonRpcNotification)?.Method;
    private readonly JsonObject? _parameters = ((message as JsonRpcRequest)?.Params ?? (message as JsonRpcNotification)?.Params) as JsonObject;

    private JsonObject? Metadata => _parameters?["_meta"] as JsonObject;

    internal bool IsModern => RequiresMeta(_version);

    /// <summary>What is wrong with the request, and its HTTP status; null when nothing is.</summary>
    internal (int Status, JsonRpcErrorDetail Problem)? Problem()
    {
        var problem = Version() ?? Envelope() ?? (IsModern ? Headers() ?? Meta() : Session());
        if (problem is not null)
        {
            return (StatusCodes.Status400BadRequest, problem);
        }

        return IsModern && message is JsonRpcRequest && s_removed.Contains(_method)
            ? (StatusCodes.Status404NotFound, Error(McpErrorCode.MethodNotFound, $"Method '{_method}' is not available on protocol version '{_version}'."))
            : null;
    }

    private static bool RequiresMeta(string? version) => string.CompareOrdinal(version, Modern) >= 0;

    private static JsonRpcErrorDetail Error(McpErrorCode code, string text) => new() { Code = (int)code, Message = text };

    private JsonRpcErrorDetail? Version()
    {
        string[] known = options.ProtocolVersion is { } only ? [only] : s_versions;
        if (_version.Length == 0 || known.Contains(_version))
        {
            return null;
        }

        var advertised = known.Where(RequiresMeta).ToArray();
        var data = new UnsupportedProtocolVersionErrorData { Supported = advertised.Length > 0 ? advertised : known, Requested = _version };
        var problem = Error(McpErrorCode.UnsupportedProtocolVersion, $"Bad Request: The {VersionHeader} header value '{_version}' is not supported.");
        problem.Data = JsonSerializer.SerializeToNode(data, McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(UnsupportedProtocolVersionErrorData)));
        return problem;
    }

    // Header and body name the same version.
    private JsonRpcErrorDetail? Envelope()
    {
        var inBody = Text(Metadata?[MetaKeys.ProtocolVersion]);
        if (_method == "initialize" && _version.Length > 0 && Text(_parameters?["protocolVersion"]) is { } initial && initial != _version)
        {
            return Error(McpErrorCode.HeaderMismatch, $"Bad Request: The {VersionHeader} header value '{_version}' does not match body params.protocolVersion value '{initial}'.");
        }

        if (_method is null || (!IsModern && !RequiresMeta(inBody)))
        {
            return null;
        }

        if (_version.Length == 0)
        {
            return Error(McpErrorCode.HeaderMismatch, $"Bad Request: The {VersionHeader} header is required when the request body declares a per-request metadata protocol version.");
        }

        if (string.IsNullOrEmpty(inBody))
        {
            return message is JsonRpcRequest
                ? Error(McpErrorCode.InvalidParams, $"Requests using protocol version '{_version}' must include '_meta/{MetaKeys.ProtocolVersion}'.")
                : null;
        }

        return inBody == _version
            ? null
            : Error(McpErrorCode.HeaderMismatch, $"Bad Request: The {VersionHeader} header value '{_version}' does not match body _meta/{MetaKeys.ProtocolVersion} value '{inBody}'.");
    }

    private JsonRpcErrorDetail? Headers()
    {
        if (_method is null)
        {
            return null;
        }

        if (!headers.TryGetValue(MethodHeader, out var method))
        {
            return Error(McpErrorCode.HeaderMismatch, $"Missing required {MethodHeader} header.");
        }

        if (method.ToString().Trim() != _method)
        {
            return Error(McpErrorCode.HeaderMismatch, $"Header mismatch: {MethodHeader} header value '{method}' does not match body value '{_method}'.");
        }

        return _method switch
        {
            "tools/call" or "prompts/get" => Name("name"),
            "resources/read" => Name("uri"),
            _ => null,
        };
    }

    private JsonRpcErrorDetail? Name(string parameter)
    {
        if (!headers.TryGetValue(NameHeader, out var header))
        {
            return Error(McpErrorCode.HeaderMismatch, $"Missing required {NameHeader} header.");
        }

        var text = header.ToString().Trim();
        if (text.Any(c => c is not '\t' and (< ' ' or > '~')))
        {
            return Error(McpErrorCode.HeaderMismatch, $"Header mismatch: {NameHeader} header contains invalid characters.");
        }

        var inBody = Text(_parameters?[parameter]);
        return McpHeaderEncoder.DecodeValue(text) is { } name && name == inBody
            ? null
            : Error(McpErrorCode.HeaderMismatch, $"Header mismatch: {NameHeader} header value '{text}' does not match body value '{inBody}'.");
    }

    private JsonRpcErrorDetail? Meta() => message is JsonRpcRequest && Metadata?[MetaKeys.ClientCapabilities] is not JsonObject
        ? Error(McpErrorCode.InvalidParams, $"Requests using protocol version '{_version}' must include '_meta/{MetaKeys.ClientCapabilities}' as a JSON object.")
        : null;

    private JsonRpcErrorDetail? Session() => headers.ContainsKey("Mcp-Session-Id")
        ? new() { Code = -32000, Message = "Bad Request: The Mcp-Session-Id header is not supported in stateless mode" }
        : null;

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
