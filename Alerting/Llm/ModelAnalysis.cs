using System.Text.Json;
using System.Text.Json.Nodes;

namespace RiskMonitor.Alerting.Llm;

/// <summary>What a model wrote about a breach, by its parts. Nothing of it is believed before all of its text has been checked.</summary>
/// <param name="Drivers">Where the risk sits; likewise what would end the breach: one sentence each.</param>
/// <param name="Confidence">high, medium or low; null where the model said something else.</param>
internal sealed record ModelAnalysis(string Summary, IReadOnlyList<string> Drivers, IReadOnlyList<string> SuggestedActions, string? Confidence)
{
    private const int MostSentences = 5;
    private const string High = "high";
    private const string Medium = "medium";
    private const string Low = "low";

    /// <summary>Half an object is no sentence.</summary>
    private static readonly ModelAnalysis s_none = new("", [], [], null);

    /// <summary>All that people read; empty where there is no summary.</summary>
    public string Text => Summary.Length == 0 ? "" : string.Join(' ', [Summary, .. Drivers, .. SuggestedActions]);

    /// <summary>Reads an object as it was asked for, also between the fences of a code block. A model that writes plain sentences has written a summary.</summary>
    public static ModelAnalysis Read(string text)
    {
        var (from, to) = (text.IndexOf('{', StringComparison.Ordinal), text.LastIndexOf('}'));
        if (from < 0 && to < 0)
        {
            return new ModelAnalysis(text, [], [], null);
        }

        if (from < 0 || to < from || !IsFence(text[..from]) || !IsFence(text[(to + 1)..]))
        {
            return s_none;
        }

        try
        {
            using var json = JsonDocument.Parse(text.AsMemory(from, to - from + 1));
            var root = json.RootElement;
            return new ModelAnalysis(
                root.TryGetProperty("summary", out var summary) && summary.ValueKind == JsonValueKind.String ? summary.GetString()!.Trim() : "",
                Sentences(root, "drivers"),
                Sentences(root, "suggested_actions"),
                root.TryGetProperty("confidence", out var confidence) && confidence.ValueKind == JsonValueKind.String && confidence.GetString() is High or Medium or Low ? confidence.GetString() : null);
        }
        catch (JsonException)
        {
            return s_none;
        }
    }

    /// <summary>The figures and drivers of the rules, with the model's parts beside them.</summary>
    /// <param name="isDoubtful">The data has gaps, so that no text about it can be very sure.</param>
    /// <param name="shown">Makes names in a sentence harmless for readers.</param>
    public string AddTo(string rulesJson, bool isDoubtful, Func<string, string> shown)
    {
        if (Drivers.Count + SuggestedActions.Count == 0 && Confidence is null)
        {
            return rulesJson;
        }

        var json = JsonNode.Parse(rulesJson)!.AsObject();
        json["model"] = new JsonObject
        {
            ["summary"] = shown(Summary),
            ["drivers"] = Array(Drivers.Select(shown)),
            ["suggested_actions"] = Array(SuggestedActions.Select(shown)),
            ["confidence"] = isDoubtful && Confidence == High ? Medium : Confidence,
        };
        return json.ToJsonString(BreachFacts.Json);
    }

    private static bool IsFence(string text) => text.Trim() is "" or "```" or "```json";

    private static List<string> Sentences(JsonElement root, string name) => root.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
        ? [.. list.EnumerateArray().Take(MostSentences).Where(item => item.ValueKind == JsonValueKind.String).Select(item => Sentence(item.GetString()!)).Where(sentence => sentence.Length > 0)]
        : [];

    /// <summary>Ends with a full stop, so that the next one is a sentence of its own for readers and for the check.</summary>
    private static string Sentence(string text) => text.Trim() is { Length: > 0 } trimmed ? ".!?。".Contains(trimmed[^1], StringComparison.Ordinal) ? trimmed : trimmed + "." : "";

    private static JsonArray Array(IEnumerable<string> sentences) => new([.. sentences.Select(sentence => (JsonNode)sentence)]);
}
