using System.Text.Json.Nodes;

namespace RiskMonitor.UseCases.Inputs;

/// <summary>A parameter of a use case: an argument of its tool, a query parameter of its route.</summary>
/// <param name="Description">Written for a model, and short.</param>
/// <param name="Allowed">The only values; null where there is no list.</param>
public sealed record InputParameter(string Name, ParameterKind Kind, string Description, bool IsRequired = false, IReadOnlyList<string>? Allowed = null)
{
    public JsonObject Schema()
    {
        // No union of types in one keyword: not every client understands that.
        var schema = Kind switch
        {
            ParameterKind.Whole => OfType("integer"),
            ParameterKind.Flag => OfType("boolean"),
            ParameterKind.Texts => new JsonObject { ["type"] = "array", ["items"] = OfType("string") },
            ParameterKind.Amount => new JsonObject { ["anyOf"] = new JsonArray(OfType("string"), OfType("number")) },
            _ => OfType("string"),
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

        static JsonObject OfType(string name) => new() { ["type"] = name };
    }
}

/// <summary>The JSON type of a parameter.</summary>
public enum ParameterKind
{
    Text,

    /// <summary>A list of texts.</summary>
    Texts,
    Whole,
    Flag,

    /// <summary>A decimal; as a string it is exact.</summary>
    Amount,
}
