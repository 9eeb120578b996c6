using System.Text.Json;
using RiskMonitor.McpFrontend.Answers;
using RiskMonitor.McpFrontend.Tools;

namespace RiskMonitor.McpFrontend.Http;

/// <summary>The body of a request: an object, read as strictly as a tool's arguments.</summary>
internal static class JsonBody
{
    /// <summary>Far above what the fields may hold together.</summary>
    public const int MostBytes = 64 * 1024;

    private static readonly JsonDocumentOptions s_shallow = new() { MaxDepth = 4 };

    /// <exception cref="RequestException">It is not what it must be.</exception>
    public static async Task<ToolArguments> ReadAsync(HttpRequest request, IReadOnlyList<ToolParameter> known, CancellationToken cancellationToken)
    {
        try
        {
            using var json = await JsonDocument.ParseAsync(request.Body, s_shallow, cancellationToken);
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? ToolArguments.Read(json.RootElement.EnumerateObject().Select(property => KeyValuePair.Create(property.Name, property.Value.Clone())), known)
                : throw NoObject("is not a JSON object", known);
        }
        catch (JsonException exception)
        {
            throw NoObject($"is not JSON ({exception.Message})", known);
        }
    }

    private static RequestException NoObject(string problem, IReadOnlyList<ToolParameter> known)
    {
        string[] names = [.. known.Select(parameter => parameter.Name)];
        return RequestException.Invalid("body", $"{problem}; send an object with {string.Join(", ", names)}", names);
    }
}
