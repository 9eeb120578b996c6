using System.Text.Json.Nodes;

namespace RiskMonitor.McpFrontend.Tools;

/// <summary>An argument that a tool takes.</summary>
/// <param name="Description">Written for a model.</param>
/// <param name="Allowed">The only values; null where there is no list.</param>
internal sealed record ToolParameter(string Name, ParameterKind Kind, string Description, bool IsRequired = false, IReadOnlyList<string>? Allowed = null)
{
    public JsonObject Schema()
    {
        var schema = new JsonObject
        {
            ["type"] = Kind switch
            {
                ParameterKind.Whole => "integer",
                ParameterKind.Flag => "boolean",
                ParameterKind.Amount => new JsonArray("string", "number"),
                _ => "string",
            },
        };
        if (Description.Length > 0)
        {
            schema["description"] = Description;
        }

        if (Allowed is not null)
        {
            schema["enum"] = new JsonArray([.. Allowed.Select(value => (JsonNode)value)]);
        }

        return schema;
    }
}

/// <summary>What JSON an argument is.</summary>
internal enum ParameterKind
{
    Text,
    Whole,
    Flag,

    /// <summary>A decimal; as a string it is exact.</summary>
    Amount,
}
