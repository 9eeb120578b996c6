using System.Text.Json;
using System.Text.Json.Nodes;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.UseCases.Tools;

/// <summary>
/// The JSON Schema of a tool's result: the answer's own properties with what every answer begins with, or an error, since clients validate
/// results that are errors, too. Types are named in <c>$defs</c> wherever one may be null: unions of types are not understood everywhere.
/// </summary>
public static class AnswerSchema
{
    private const string Head = """
        "request_id": {},
        "as_of": {},
        "feed": {"type": "object", "properties": {"state": {"enum": ["live", "stale", "building", "unproven"]}}},
        "scope": {},
        "withheld": {},
        """;

    private const string ListHead = """
        "total": {},
        "returned": {},
        "truncated": {},
        "next_cursor": {},
        "hint": {},
        """;

    private static readonly JsonObject s_definitions = (JsonObject)JsonNode.Parse($$$"""
        {
          "money": {"type": "string", "pattern": {{{JsonSerializer.Serialize(Money.Pattern)}}}},
          "money_or_null": {"anyOf": [{"$ref": "#/$defs/money"}, {"type": "null"}]},
          "number_or_null": {"anyOf": [{"type": "number"}, {"type": "null"}]},
          "text_or_null": {"anyOf": [{"type": "string"}, {"type": "null"}]},
          "flag_or_null": {"anyOf": [{"type": "boolean"}, {"type": "null"}]},
          "figures": {"type": "object", "required": ["delta", "unit"], "patternProperties": {"^(gross_|long_|short_)?delta$": {"$ref": "#/$defs/money"}, "^reporting_delta$": {"$ref": "#/$defs/money_or_null"}, "_count$": {"type": "integer"} } },
          "figures_or_null": {"anyOf": [{"$ref": "#/$defs/figures"}, {"type": "null"}]},
          "object_or_null": {"anyOf": [{"type": "object"}, {"type": "null"}]},
          "rows_or_null": {"anyOf": [{"type": "array", "items": {"$ref": "#/$defs/figures"}}, {"type": "null"}]},
          "use": {"enum": ["no_limit", "ok", "warning", "breach"]},
          "alert": {
            "type": "object",
            "required": ["alert_id", "desk", "unit", "metric_value", "threshold_value", "status", "message", "analysis_text"],
            "properties": {"severity": {"enum": ["INFO", "WARNING", "CRITICAL"]}, "breach_state": {"enum": ["open", "cured"]} },
            "patternProperties": {"_(value|amount)$": {"$ref": "#/$defs/money_or_null"} } }
        }
        """)!;

    /// <param name="properties">
    /// The answer's own properties, as JSON without the braces around it. All of them are required; one that its name describes has the
    /// schema <c>{}</c>, and a model then reads its name only.
    /// </param>
    public static JsonElement Of(string properties) => Compose(Head, properties);

    /// <summary>The schema of an answer that is a page of a list.</summary>
    public static JsonElement OfList(string properties) => Compose(Head + ListHead, properties);

    private static JsonElement Compose(string head, string properties)
    {
        var all = Parse(head + properties);
        var names = all.Select(property => (JsonNode)property.Key).ToArray();
        var schema = new JsonObject(all.Where(property => property.Value!.AsObject().Count > 0).Select(property => KeyValuePair.Create(property.Key, property.Value?.DeepClone())))
        {
            ["error"] = new JsonObject { ["type"] = "object" },
        };
        return JsonSerializer.SerializeToElement(new JsonObject
        {
            ["type"] = "object",
            ["properties"] = schema,
            ["anyOf"] = new JsonArray(new JsonObject { ["required"] = new JsonArray(names) }, new JsonObject { ["required"] = new JsonArray("error") }),
            ["$defs"] = Definitions(schema),
        });
    }

    private static JsonObject Parse(string properties) => (JsonObject)JsonNode.Parse($"{{{properties}}}")!;

    /// <summary>The definitions to which the answer or another definition refers.</summary>
    private static JsonObject Definitions(JsonObject properties)
    {
        var definitions = new JsonObject();
        Collect(properties);
        return definitions;

        void Collect(JsonNode node)
        {
            foreach (var (name, definition) in s_definitions)
            {
                if (!definitions.ContainsKey(name) && node.ToJsonString().Contains($"\"#/$defs/{name}\"", StringComparison.Ordinal))
                {
                    definitions[name] = definition!.DeepClone();
                    Collect(definition);
                }
            }
        }
    }
}
