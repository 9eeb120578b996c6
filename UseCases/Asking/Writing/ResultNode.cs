using System.Globalization;
using System.Text.Json;

namespace RiskMonitor.UseCases.Asking.Writing;

/// <summary>A JSON node of a result with its path, so that a figure read from it can be cited.</summary>
/// <param name="Path">JSON Pointer (RFC 6901) within the result.</param>
public readonly record struct ResultNode(ToolResult Result, string Path, JsonElement Json)
{
    public static ResultNode Of(ToolResult result) => new(result, "", result.Answer);

    public bool IsThere => Json.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    /// <summary>A property; a node with <see cref="IsThere"/> false if it is absent.</summary>
    public ResultNode this[string name] => Json.ValueKind == JsonValueKind.Object && Json.TryGetProperty(name, out var value) ? new ResultNode(Result, $"{Path}/{name}", value) : new ResultNode(Result, Path, default);

    public IReadOnlyList<ResultNode> Rows
    {
        get
        {
            var (result, path) = (Result, Path);
            return Json.ValueKind != JsonValueKind.Array
                ? []
                : [.. Json.EnumerateArray().Select((row, i) => new ResultNode(result, string.Create(CultureInfo.InvariantCulture, $"{path}/{i}"), row))];
        }
    }

    public string Text => Json.ValueKind == JsonValueKind.String ? Json.GetString()! : "";

    /// <summary>The text as a name that is safe to put into a sentence.</summary>
    public string Name => NameText.Of(Text);

    /// <summary>An amount, a ratio or a count; 0 if the node is not a number.</summary>
    public decimal Number => Json.ValueKind == JsonValueKind.Number ? Json.GetDecimal()
        : decimal.TryParse(Text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) ? amount
        : 0;

    public bool IsTrue => Json.ValueKind == JsonValueKind.True;
}
