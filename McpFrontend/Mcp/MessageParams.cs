using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using RiskMonitor.UseCases.Inputs;
using RiskMonitor.UseCases.Tools;

namespace RiskMonitor.McpFrontend.Mcp;

/// <summary>What the protocol's methods need as params. The SDK says of what it misses no more than that an error occurred, and of a handshake nothing.</summary>
internal static class MessageParams
{
    public const string Initialize = "initialize";
    public const string ProtocolVersion = "protocolVersion";

    /// <summary>The revisions with a handshake; later ones have none.</summary>
    private static readonly string[] s_handshakes = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"];

    /// <summary>Methods of the revisions with a handshake that later ones no longer have.</summary>
    private static readonly string[] s_ofHandshakes = [Initialize, "resources/subscribe", "resources/unsubscribe", "logging/setLevel"];

    private static readonly Dictionary<string, (string Name, JsonValueKind Kind)[]> s_needed = new(StringComparer.Ordinal)
    {
        [Initialize] = [(ProtocolVersion, JsonValueKind.String), ("capabilities", JsonValueKind.Object), ("clientInfo", JsonValueKind.Object)],
        ["tools/call"] = [("name", JsonValueKind.String)],
        ["prompts/get"] = [("name", JsonValueKind.String)],
        ["resources/read"] = [("uri", JsonValueKind.String)],
        ["resources/subscribe"] = [("uri", JsonValueKind.String)],
        ["resources/unsubscribe"] = [("uri", JsonValueKind.String)],
        ["completion/complete"] = [("ref", JsonValueKind.Object), ("argument", JsonValueKind.Object)],
        ["logging/setLevel"] = [("level", JsonValueKind.String)],
        ["subscriptions/listen"] = [("notifications", JsonValueKind.Object)],
    };

    /// <returns>What is wrong and what to send; null where nothing is.</returns>
    /// <exception cref="InvalidOperationException">A name is no text.</exception>
    public static string? Problem(string method, JsonElement parameters)
    {
        if (IsRemoved(method, parameters))
        {
            // That it is no method says more than what it lacks, and the SDK says so.
            return null;
        }

        var needed = s_needed.GetValueOrDefault(method) ?? [];
        if (parameters.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return needed.Length == 0 ? null : $"params is missing; {method} needs {Names(needed)}";
        }

        if (parameters.ValueKind != JsonValueKind.Object)
        {
            return $"params is {ToolArguments.Quoted(parameters.GetRawText())}; give an object{(needed.Length == 0 ? "" : $" with {Names(needed)}")}";
        }

        foreach (var (name, kind) in needed)
        {
            if (!parameters.TryGetProperty(name, out var value) || value.ValueKind != kind)
            {
                return $"params.{name} is missing or no {(kind == JsonValueKind.String ? "string" : "object")}; {method} needs {Names(needed)}";
            }
        }

        return MetaProblem(parameters) ?? method switch
        {
            Initialize => HandshakeProblem(parameters),
            "completion/complete" => ArgumentProblem(parameters.GetProperty("argument")),
            _ => null,
        };
    }

    /// <summary>Whether the message names a revision that no longer has the method. Only revisions without a handshake are named by each message.</summary>
    public static bool IsRemoved(string method, JsonElement parameters) =>
        s_ofHandshakes.Contains(method, StringComparer.Ordinal)
        && parameters.ValueKind == JsonValueKind.Object
        && parameters.TryGetProperty("_meta", out var meta)
        && meta.ValueKind == JsonValueKind.Object
        && meta.TryGetProperty(MetaKeys.ProtocolVersion, out var version)
        && version.ValueKind == JsonValueKind.String;

    /// <returns>What the client is answered; null where it asks for a revision that can be had by a handshake.</returns>
    public static string? NegotiatedVersion(JsonElement parameters) =>
        s_handshakes.Contains(parameters.GetProperty(ProtocolVersion).GetString(), StringComparer.Ordinal) ? null : s_handshakes[^1];

    private static string Names((string Name, JsonValueKind Kind)[] needed) => string.Join(", ", needed.Select(field => field.Name));

    private static string? MetaProblem(JsonElement parameters)
    {
        if (!parameters.TryGetProperty("_meta", out var meta) || meta.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return meta.ValueKind != JsonValueKind.Object ? "params._meta is no object; give one, or leave it out"
            : meta.TryGetProperty("progressToken", out var token) && token.ValueKind != JsonValueKind.String && WholeNumber.LongOf(token) is null
                ? $"params._meta.progressToken is {ToolArguments.Quoted(token.GetRawText())}; give a string or a whole number"
                : null;
    }

    private static string? HandshakeProblem(JsonElement parameters)
    {
        try
        {
            return parameters.Deserialize<InitializeRequestParams>(McpJsonUtilities.DefaultOptions) is { ClientInfo: { Name: not null, Version: not null } }
                ? null
                : "params.clientInfo needs name and version, both strings";
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException or NotSupportedException)
        {
            return "params cannot be read; initialize needs protocolVersion, capabilities as the protocol lists them, and clientInfo with name and version, both strings";
        }
    }

    private static string? ArgumentProblem(JsonElement argument) =>
        argument.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String && argument.TryGetProperty("value", out var value) && value.ValueKind == JsonValueKind.String
            ? null
            : "params.argument needs name and value, both strings";
}
