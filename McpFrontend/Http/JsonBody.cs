using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Inputs;
using RiskMonitor.UseCases.Tools;

namespace RiskMonitor.McpFrontend.Http;

/// <summary>The body of a request: an object, read as strictly as a tool's arguments.</summary>
internal static class JsonBody
{
    /// <summary>Far above what the fields may hold together.</summary>
    public const int MostBytes = 64 * 1024;

    private const int MostDepth = 4;

    /// <exception cref="RequestException">It is not what it must be.</exception>
    public static ToolArguments Read(HttpContext context, IReadOnlyList<InputParameter> known)
    {
        string[] names = [.. known.Select(parameter => parameter.Name)];
        var remedy = $"send an object with {string.Join(", ", names)}";
        using var json = JsonText.Parse(context.Features.GetRequiredFeature<RequestBody>().Bytes, MostDepth, remedy, names);
        return json.RootElement.ValueKind == JsonValueKind.Object
            ? ToolArguments.Read(JsonText.Properties(json.RootElement).Select(property => KeyValuePair.Create(property.Key, property.Value.Clone())), known)
            : throw RequestException.Invalid("body", $"is not a JSON object; {remedy}", names);
    }
}
