using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace RiskMonitor.CdcIngest.Decoding;

/// <summary>Reads the position's id out of a message key.</summary>
internal static class MessageKey
{
    /// <summary>
    /// Reads <c>{"position_id": "P1"}</c>, with or without wrapper, <c>"P1"</c>, <c>P1</c>, and <c>Struct{position_id=P1}</c>, which Connect's
    /// string converter makes of a key.
    /// </summary>
    /// <returns>Null where there is none.</returns>
    public static string? PositionId(ReadOnlySpan<byte> key)
    {
        if (key.IsEmpty || !Utf8.IsValid(key))
        {
            return null;
        }

        try
        {
            return key[0] is (byte)'{' or (byte)'"' ? FromJson(key) : FromText(key);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string? FromJson(ReadOnlySpan<byte> key)
    {
        var reader = new Utf8JsonReader(key);
        reader.Read();
        return FromValue(ref reader, mayBeWrapped: true);
    }

    private static string? FromValue(ref Utf8JsonReader reader, bool mayBeWrapped)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return reader.TokenType == JsonTokenType.String ? OrNull(reader.GetString()) : null;
        }

        string? id = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("position_id"u8))
            {
                reader.Read();
                id = reader.TokenType == JsonTokenType.String ? OrNull(reader.GetString()) : null;
                reader.Skip();
            }
            else if (mayBeWrapped && reader.ValueTextEquals("payload"u8))
            {
                reader.Read();
                id ??= FromValue(ref reader, mayBeWrapped: false);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return id;
    }

    private static string? FromText(ReadOnlySpan<byte> key)
    {
        var text = Encoding.UTF8.GetString(key);
        const string Opening = "Struct{position_id=";
        if (text.StartsWith(Opening, StringComparison.Ordinal) && text.EndsWith('}'))
        {
            text = text[Opening.Length..^1];
        }

        return text.Any(char.IsControl) || text is "null" ? null : OrNull(text);
    }

    private static string? OrNull(string? id) => string.IsNullOrWhiteSpace(id) ? null : id;
}
