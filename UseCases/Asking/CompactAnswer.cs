using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.UseCases.Asking;

/// <summary>
/// An answer reduced to the parts that can be quoted. The model reads it, its figures are verified against it, and the caller gets it with the conclusion:
/// all three see the same text.
/// </summary>
public sealed class CompactAnswer
{
    /// <summary>The greatest number of rows of a list; fewer if the answer is still too large.</summary>
    private static readonly int[] s_rows = [25, 10, 5, 2];

    private const int MostChars = 24_000;
    private const int MostTextChars = 600;

    /// <summary>Fields that the answer to the question repeats elsewhere, or that hold text about figures instead of figures.</summary>
    private static readonly HashSet<string> s_omitted = ["request_id", "scope", "withheld", "citations", "conclusion", "analysis_json", "trace_id", "offsets"];

    public required JsonElement Json { get; init; }

    public required IReadOnlyList<string> LeftOut { get; init; }

    public static CompactAnswer Of(Answer answer)
    {
        var whole = JsonSerializer.SerializeToNode(answer, answer.GetType(), RiskJson.Options)!;
        foreach (var rows in s_rows)
        {
            var leftOut = new List<string>();
            var json = JsonSerializer.SerializeToElement(Cut(whole, "", rows, leftOut), RiskJson.Options);
            if (rows == s_rows[^1] || json.GetRawText().Length <= MostChars)
            {
                return new CompactAnswer { Json = json, LeftOut = leftOut };
            }
        }

        throw new InvalidOperationException("the last number of rows is taken in any case");
    }

    private static JsonNode? Cut(JsonNode? node, string path, int rows, List<string> leftOut)
    {
        switch (node)
        {
            case JsonObject properties:
                var kept = new JsonObject();
                foreach (var (name, value) in properties.Where(property => property.Value is not null && !s_omitted.Contains(property.Key)))
                {
                    kept[name] = Cut(value, path.Length == 0 ? name : $"{path}.{name}", rows, leftOut);
                }

                return kept;
            case JsonArray items:
                if (items.Count > rows)
                {
                    leftOut.Add(string.Create(CultureInfo.InvariantCulture, $"{path}: the first {rows} of {items.Count}"));
                }

                return new JsonArray([.. items.Take(rows).Select(item => Cut(item, path, rows, leftOut))]);
            case JsonValue value when value.TryGetValue<string>(out var text) && text.Length > MostTextChars:
                return $"{text[..MostTextChars]}…";
            default:
                return node?.DeepClone();
        }
    }
}
