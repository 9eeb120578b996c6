using System.Globalization;
using System.Text.Json;

namespace RiskMonitor.UseCases.Asking.Writing;

/// <summary>A part of a result that knows where it stands, so that what is said of it can be cited.</summary>
/// <param name="Path">JSON Pointer (RFC 6901) within the result.</param>
public readonly record struct ResultNode(ToolResult Result, string Path, JsonElement Json)
{
    public static ResultNode Of(ToolResult result) => new(result, "", result.Answer);

    public bool IsThere => Json.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    /// <summary>A property; one that is not there where there is none.</summary>
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

    /// <summary>A name from data, for a sentence.</summary>
    public string Name => NameText.Of(Text);

    /// <summary>An amount, a ratio or a count; 0 where there is none.</summary>
    public decimal Number => Json.ValueKind == JsonValueKind.Number ? Json.GetDecimal()
        : decimal.TryParse(Text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) ? amount
        : 0;

    public bool IsTrue => Json.ValueKind == JsonValueKind.True;
}
