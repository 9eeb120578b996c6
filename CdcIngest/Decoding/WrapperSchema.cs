using System.Globalization;
using System.Text.Json;

namespace RiskMonitor.CdcIngest.Decoding;

/// <summary>What the schema in a <c>{schema, payload}</c> wrapper says about the decimal columns.</summary>
internal sealed record WrapperSchema(DecimalNotation Quantity, DecimalNotation Delta)
{
    public static WrapperSchema None(int scale) => new(new(DecimalNotationKind.Unknown, scale), new(DecimalNotationKind.Unknown, scale));

    /// <summary>Reads a Kafka Connect struct schema: an envelope's (the columns are in its field <c>after</c>), or a row's.</summary>
    public static WrapperSchema Read(ReadOnlySpan<byte> json, int scale)
    {
        var reader = new Utf8JsonReader(json);
        using var document = JsonDocument.ParseValue(ref reader);
        var columns = Field(document.RootElement, "after") ?? document.RootElement;
        return new(Form(columns, "quantity", scale), Form(columns, "delta", scale));
    }

    private static DecimalNotation Form(JsonElement columns, string name, int scale)
    {
        if (Field(columns, name) is not { } column)
        {
            return new(DecimalNotationKind.Unknown, scale);
        }

        return Text(column, "type") switch
        {
            "string" => new(DecimalNotationKind.Text, scale),
            "bytes" => new(DecimalNotationKind.Bytes, DeclaredScale(column) ?? scale),
            _ => new(DecimalNotationKind.Unknown, scale),
        };
    }

    private static int? DeclaredScale(JsonElement column) =>
        column.TryGetProperty("parameters", out var parameters)
        && parameters.ValueKind == JsonValueKind.Object
        && int.TryParse(Text(parameters, "scale"), NumberStyles.None, CultureInfo.InvariantCulture, out var scale)
        && scale <= 28
            ? scale
            : null;

    private static JsonElement? Field(JsonElement schema, string name)
    {
        if (schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("fields", out var fields) || fields.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        foreach (var field in fields.EnumerateArray())
        {
            if (field.ValueKind == JsonValueKind.Object && Text(field, "field") == name)
            {
                return field;
            }
        }

        return null;
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
