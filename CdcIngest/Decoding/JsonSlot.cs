using System.Text;
using System.Text.Json;

namespace RiskMonitor.CdcIngest.Decoding;

/// <summary>A value that was seen in a message and is read only when it is needed.</summary>
internal readonly ref struct JsonSlot
{
    private const int ShownInReasons = 60;

    private readonly ReadOnlySpan<byte> raw;
    private readonly bool isEscaped;

    private JsonSlot(JsonTokenType kind, ReadOnlySpan<byte> raw, bool isEscaped)
    {
        Kind = kind;
        this.raw = raw;
        this.isEscaped = isEscaped;
    }

    /// <summary><see cref="JsonTokenType.None"/> for a field that is absent.</summary>
    public JsonTokenType Kind { get; }

    public bool IsPresent => Kind != JsonTokenType.None;

    public bool IsMissing => Kind is JsonTokenType.None or JsonTokenType.Null;

    public bool IsEscaped => isEscaped;

    /// <summary>Keeps a value in the slot of its field.</summary>
    /// <exception cref="UnreadableMessageException">The slot has a value: of two, neither is certain.</exception>
    public static void Keep(ref JsonSlot slot, in JsonSlot value, string field)
    {
        DemandFirst(slot.IsPresent, field);
        slot = value;
    }

    public static void DemandFirst(bool wasSeen, string field)
    {
        if (wasSeen)
        {
            throw new UnreadableMessageException($"{field} is given twice");
        }
    }

    /// <summary>Takes the value on which the reader stands, objects and arrays as a whole.</summary>
    public static JsonSlot Read(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        var kind = reader.TokenType;
        switch (kind)
        {
            case JsonTokenType.String when reader.ValueIsEscaped:
                // With its quotes, so that a reader can be set on it again to resolve the escapes.
                return new JsonSlot(kind, json.Slice((int)reader.TokenStartIndex, reader.ValueSpan.Length + 2), isEscaped: true);
            case JsonTokenType.String or JsonTokenType.Number:
                return new JsonSlot(kind, reader.ValueSpan, isEscaped: false);
            case JsonTokenType.StartObject:
                return ReadObject(ref reader, json);
            case JsonTokenType.StartArray:
                reader.Skip();
                return new JsonSlot(kind, default, isEscaped: false);
            default:
                return new JsonSlot(kind, reader.ValueSpan, isEscaped: false);
        }
    }

    /// <summary>Takes the value with which a text begins that has no escapes and no control characters.</summary>
    /// <param name="length">Of the value as it stands there.</param>
    /// <returns>False where there is an object, an array or nothing.</returns>
    public static bool TryReadValue(ReadOnlySpan<byte> json, out JsonSlot value, out int length)
    {
        var (kind, isString) = json.IsEmpty ? (JsonTokenType.None, false) : json[0] switch
        {
            (byte)'"' => (JsonTokenType.String, true),
            (byte)'n' => (JsonTokenType.Null, false),
            (byte)'t' => (JsonTokenType.True, false),
            (byte)'f' => (JsonTokenType.False, false),
            _ => (JsonTokenType.Number, false),
        };
        length = kind switch
        {
            JsonTokenType.String => json[1..].IndexOf((byte)'"') + 2,
            JsonTokenType.Null => json.StartsWith("null"u8) ? 4 : 0,
            JsonTokenType.True => json.StartsWith("true"u8) ? 4 : 0,
            JsonTokenType.False => json.StartsWith("false"u8) ? 5 : 0,
            _ => JsonNumber.LengthAtStart(json),
        };
        var isValue = length > (isString ? 1 : 0);
        value = !isValue ? default : new JsonSlot(kind, isString ? json[1..(length - 1)] : json[..length], isEscaped: false);
        return isValue;
    }

    /// <summary>Where in a message the value stands, a text without its quotes; null where it is an object or an array, or not of that message.</summary>
    public int? PlaceIn(ReadOnlySpan<byte> json) => json.Overlaps(raw, out var place) ? place : null;

    /// <summary>The text of a string without escapes, or of a number.</summary>
    public ReadOnlySpan<byte> Text() => isEscaped ? Unescaped() : raw;

    public bool Is(ReadOnlySpan<byte> text) => Kind == JsonTokenType.String && !isEscaped && raw.SequenceEqual(text);

    /// <summary>Both are texts, and the same one.</summary>
    public bool HasSameTextAs(in JsonSlot other) =>
        Kind == JsonTokenType.String && other.Kind == JsonTokenType.String && Text().SequenceEqual(other.Text());

    // Avro's JSON names the branch of a union: {"string": "USD"} is the text alone. Bytes are refused, because the message does not say which decimal they hold.
    private static JsonSlot ReadObject(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        var depth = reader.CurrentDepth;
        var branch = default(JsonSlot);
        reader.Read();
        if (reader.TokenType == JsonTokenType.PropertyName && IsAvroScalar(reader.ValueSpan))
        {
            reader.Read();
            if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
            {
                branch = Read(ref reader, json);
                reader.Read();
            }
        }

        if (reader.TokenType == JsonTokenType.EndObject && reader.CurrentDepth == depth && branch.IsPresent)
        {
            return branch;
        }

        while (reader.TokenType != JsonTokenType.EndObject || reader.CurrentDepth != depth)
        {
            reader.Read();
        }

        return new JsonSlot(JsonTokenType.StartObject, default, isEscaped: false);
    }

    private static bool IsAvroScalar(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("string"u8) || name.SequenceEqual("long"u8) || name.SequenceEqual("int"u8)
        || name.SequenceEqual("double"u8) || name.SequenceEqual("boolean"u8);

    // Rare: quotes and control characters in a name.
    private byte[] Unescaped()
    {
        var reader = new Utf8JsonReader(raw);
        reader.Read();
        var text = new byte[raw.Length];
        return text[..reader.CopyString(text)];
    }

    /// <summary>For reasons: what was found.</summary>
    public string Describe()
    {
        switch (Kind)
        {
            case JsonTokenType.None:
                return "nothing";
            case JsonTokenType.Null:
                return "null";
            case JsonTokenType.True:
                return "true";
            case JsonTokenType.False:
                return "false";
            case JsonTokenType.StartObject:
                return "an object";
            case JsonTokenType.StartArray:
                return "an array";
            default:
                var text = Encoding.UTF8.GetString(raw.Length > ShownInReasons ? raw[..ShownInReasons] : raw);
                var shown = raw.Length > ShownInReasons ? text + "…" : text;
                return Kind == JsonTokenType.Number ? $"the number {shown}" : isEscaped ? $"the text {shown}" : $"the text \"{shown}\"";
        }
    }
}
