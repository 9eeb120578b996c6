using System.Text.Json;
using System.Text.Json.Nodes;
using RiskMonitor.McpFrontend.Answers;

namespace RiskMonitor.McpFrontend.Tools;

/// <summary>
/// The JSON Schema of a tool's result: the answer's own properties with what every answer begins with, or an error. Clients validate results
/// that are errors, too. Named properties are always there, unless the schema says otherwise; others may come.
/// </summary>
internal static class AnswerSchema
{
    private const string Head = """
        "request_id": {"type": "string"},
        "as_of": {"$ref": "#/$defs/time"},
        "feed": {"type": "object", "required": ["state", "reasons"], "properties": {
            "state": {"enum": ["live", "stale", "building", "unproven"]},
            "applied_through": {"type": ["string", "null"]},
            "reasons": {"$ref": "#/$defs/texts"}}},
        "scope": {"type": "object"},
        "withheld": {"$ref": "#/$defs/texts"},
        """;

    private const string ListHead = """
        "total": {"type": "integer"},
        "returned": {"type": "integer"},
        "truncated": {"type": "boolean"},
        "next_cursor": {"type": ["string", "null"]},
        """;

    private const string Error = """
        "error": {"type": "object", "required": ["code", "detail", "request_id", "retryable"]}
        """;

    private static readonly JsonObject s_shared = (JsonObject)JsonNode.Parse($$$"""
        {
          "money": {"type": "string", "pattern": {{{JsonSerializer.Serialize(Money.Pattern)}}}},
          "time": {"type": "string", "format": "date-time"},
          "texts": {"type": "array", "items": {"type": "string"}},
          "ratio": {"type": ["number", "null"]},
          "figures": {"type": "object", "required": ["delta", "gross_delta", "unit", "position_count"], "properties": {
            "delta": {"$ref": "#/$defs/money"},
            "gross_delta": {"$ref": "#/$defs/money"},
            "long_delta": {"$ref": "#/$defs/money"},
            "short_delta": {"$ref": "#/$defs/money"},
            "unit": {"type": "string"},
            "position_count": {"type": "integer"},
            "missing_delta_count": {"type": "integer"} } }
        }
        """)!;

    /// <param name="properties">The answer's own properties, as JSON without the braces around it.</param>
    /// <param name="definitions">What the properties refer to as <c>#/$defs/…</c>, in the same form.</param>
    public static JsonElement Of(string properties, string definitions = "") => Compose(Head + properties, definitions);

    /// <summary>Likewise a page of a list.</summary>
    public static JsonElement OfList(string properties, string definitions = "") => Compose(Head + ListHead + properties, definitions);

    private static JsonElement Compose(string properties, string definitions)
    {
        var answer = (JsonObject)JsonNode.Parse($"{{{properties}}}")!;
        var required = new JsonArray([.. answer.Select(property => (JsonNode)property.Key)]);
        foreach (var (name, value) in (JsonObject)JsonNode.Parse($"{{{Error}}}")!)
        {
            answer[name] = value!.DeepClone();
        }

        var schema = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = answer,
            ["anyOf"] = new JsonArray(new JsonObject { ["required"] = required }, new JsonObject { ["required"] = new JsonArray("error") }),
        };
        schema["$defs"] = Definitions((JsonObject)JsonNode.Parse($"{{{definitions}}}")!, schema);
        return JsonSerializer.SerializeToElement(schema);
    }

    /// <summary>The tool's own definitions and those of the shared ones that are used.</summary>
    private static JsonObject Definitions(JsonObject own, JsonObject schema)
    {
        var definitions = new JsonObject();
        var (text, found) = (schema.ToJsonString() + own.ToJsonString(), -1);
        while (found != definitions.Count)
        {
            found = definitions.Count;
            foreach (var (name, value) in s_shared.Where(shared => !definitions.ContainsKey(shared.Key) && text.Contains($"#/$defs/{shared.Key}\"", StringComparison.Ordinal)))
            {
                definitions[name] = value!.DeepClone();
                text += value.ToJsonString();
            }
        }

        foreach (var (name, value) in own)
        {
            definitions[name] = value!.DeepClone();
        }

        return definitions;
    }
}
