using System.Text.Json;
using System.Text.RegularExpressions;

namespace RiskMonitor.McpFrontend.Tests.Mcp;

/// <summary>Checks a value against a JSON Schema; knows what the tools' schemas use, and fails on any other keyword.</summary>
internal sealed class SchemaValidator(JsonElement root)
{
    private readonly List<string> _problems = [];

    /// <returns>What is wrong, by path; empty when nothing is.</returns>
    public static IReadOnlyList<string> Problems(JsonElement schema, JsonElement value)
    {
        var validator = new SchemaValidator(schema);
        validator.Check(schema, value, "$");
        return validator._problems;
    }

    private void Check(JsonElement schema, JsonElement value, string path)
    {
        foreach (var keyword in schema.EnumerateObject())
        {
            var (name, rule) = (keyword.Name, keyword.Value);
            switch (name)
            {
                case "description" or "$defs":
                    break;
                case "type":
                    Demand(IsOfType(value, rule.GetString()!), path, $"is {value.ValueKind}, not {rule}");
                    break;
                case "enum":
                    Demand(rule.EnumerateArray().Any(allowed => JsonElement.DeepEquals(allowed, value)), path, $"is {value}, not one of {rule}");
                    break;
                case "pattern":
                    Demand(value.ValueKind != JsonValueKind.String || Regex.IsMatch(value.GetString()!, rule.GetString()!), path, $"is {value}, not {rule}");
                    break;
                case "$ref":
                    Check(Definition(rule.GetString()!), value, path);
                    break;
                case "allOf":
                    foreach (var part in rule.EnumerateArray())
                    {
                        Check(part, value, path);
                    }

                    break;
                case "anyOf":
                    var branches = rule.EnumerateArray().Select(branch => Without(branch, value, path)).ToList();
                    Demand(branches.Any(problems => problems.Count == 0), path, $"fits no branch: {string.Join(" | ", branches.SelectMany(problems => problems))}");
                    break;
                case "items":
                    if (value.ValueKind == JsonValueKind.Array)
                    {
                        foreach (var (index, item) in value.EnumerateArray().Index())
                        {
                            Check(rule, item, $"{path}[{index}]");
                        }
                    }

                    break;
                case "required":
                    foreach (var property in rule.EnumerateArray().Select(property => property.GetString()!))
                    {
                        Demand(value.ValueKind != JsonValueKind.Object || value.TryGetProperty(property, out _), path, $"has no {property}");
                    }

                    break;
                case "properties" or "patternProperties":
                    CheckProperties(name == "patternProperties", rule, value, path);
                    break;
                case "additionalProperties" when rule.ValueKind == JsonValueKind.False:
                    foreach (var property in value.EnumerateObject())
                    {
                        Demand(schema.GetProperty("properties").TryGetProperty(property.Name, out _), path, $"has an unknown {property.Name}");
                    }

                    break;
                default:
                    throw new NotSupportedException($"the validator does not know the keyword {name} at {path}; teach it, or leave the keyword out");
            }
        }
    }

    private void CheckProperties(bool byPattern, JsonElement rules, JsonElement value, string path)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (var property in value.EnumerateObject())
        {
            foreach (var rule in rules.EnumerateObject().Where(rule => byPattern ? Regex.IsMatch(property.Name, rule.Name) : rule.Name == property.Name))
            {
                Check(rule.Value, property.Value, $"{path}.{property.Name}");
            }
        }
    }

    private List<string> Without(JsonElement schema, JsonElement value, string path)
    {
        var validator = new SchemaValidator(root);
        validator.Check(schema, value, path);
        return validator._problems;
    }

    private JsonElement Definition(string reference)
    {
        const string Prefix = "#/$defs/";
        Assert.StartsWith(Prefix, reference, StringComparison.Ordinal);
        return root.GetProperty("$defs").GetProperty(reference[Prefix.Length..]);
    }

    private static bool IsOfType(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => throw new NotSupportedException($"the validator does not know the type {type}"),
    };

    private void Demand(bool holds, string path, string problem)
    {
        if (!holds)
        {
            _problems.Add($"{path} {problem}");
        }
    }
}
