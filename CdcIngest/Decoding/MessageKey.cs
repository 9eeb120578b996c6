using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace RiskMonitor.CdcIngest.Decoding;

/// <summary>What a message key says of the row that the message is about.</summary>
/// <param name="PositionId">The field <c>position_id</c>, or the whole key where it is a bare text; null where there is neither.</param>
/// <param name="Identity">
/// What identifies a row: the position id, and after it every other field of the key, as <c>S4,shard=2</c>. Two rows with one
/// position id and different keys are two rows. Null where there is no position id.
/// </param>
/// <param name="IsNamed">The id stands in a field of its own, so that it cannot be anything else.</param>
/// <param name="Problem">Why the key cannot be read; null when it can.</param>
internal readonly record struct MessageKey(string? PositionId, string? Identity, bool IsNamed, string? Problem)
{
    private static readonly MessageKey s_nothing = new(null, null, false, null);

    /// <summary>True for <c>{"position_id":"ID"}</c> with exactly these bytes, with or without wrapper: the usual key, recognised without parsing it.</summary>
    public static bool IsExactly(ReadOnlySpan<byte> key, ReadOnlySpan<byte> positionId)
    {
        if (key.Length > 0 && key[0] == '{' && key.StartsWith("{\"schema\":"u8) && key.EndsWith("}}"u8))
        {
            key = key[..^1];
            var payload = key.LastIndexOf("\"payload\":{"u8);
            key = payload < 0 ? key : key[(payload + 10)..];
        }

        if (!key.StartsWith("{\"position_id\":"u8) || !key.EndsWith("\"}"u8))
        {
            return false;
        }

        key = key[15..^2];
        key = key.Length > 0 && key[0] == ' ' ? key[1..] : key;
        return key.Length == positionId.Length + 1 && key[0] == '"' && key[1..].SequenceEqual(positionId);
    }

    /// <summary>
    /// Reads <c>{"position_id": "P1"}</c>, with or without wrapper and other fields, <c>"P1"</c>, <c>P1</c>, and <c>Struct{position_id=P1}</c>,
    /// which Connect's string converter makes of a key. Never throws.
    /// </summary>
    public static MessageKey Read(ReadOnlySpan<byte> key)
    {
        if (key.IsEmpty || !Utf8.IsValid(key))
        {
            return s_nothing;
        }

        try
        {
            return key[0] is (byte)'{' or (byte)'"' ? FromJson(key) : FromText(Encoding.UTF8.GetString(key));
        }
        catch (JsonException e)
        {
            return Unreadable($"not JSON: {e.Message}");
        }
        catch (InvalidOperationException)
        {
            // What the JSON reader says of an escape that is half a character.
            return Unreadable("not text");
        }
    }

    private static MessageKey FromJson(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        var key = FromValue(ref reader, mayBeWrapped: true);

        // Throws when something follows the end of the key.
        reader.Read();
        return key;
    }

    private static MessageKey FromValue(ref Utf8JsonReader reader, bool mayBeWrapped)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return Bare(reader.GetString()!);
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return s_nothing;
        }

        var fields = default(KeyFields);
        MessageKey? wrapped = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (mayBeWrapped && name is "schema" && reader.TokenType is JsonTokenType.StartObject or JsonTokenType.Null)
            {
                reader.Skip();
            }
            else if (mayBeWrapped && name is "payload")
            {
                wrapped = wrapped is null ? FromValue(ref reader, mayBeWrapped: false) : Unreadable("payload is given twice");
            }
            else
            {
                fields.Add(name, reader.TokenType switch
                {
                    JsonTokenType.Null => null,
                    JsonTokenType.String => reader.GetString(),
                    JsonTokenType.True => "true",
                    JsonTokenType.False => "false",
                    JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
                    _ => Compound(ref reader, ref fields, name),
                }, canBeId: reader.TokenType is not (JsonTokenType.Null or JsonTokenType.True or JsonTokenType.False));
            }
        }

        return wrapped ?? fields.Key();
    }

    /// <summary>A branch of an Avro union is a value with its type before it (<c>{"string": "P1"}</c>); any other object or array is none.</summary>
    private static string? Compound(ref Utf8JsonReader reader, ref KeyFields fields, string name)
    {
        var branch = reader;
        if (reader.TokenType == JsonTokenType.StartObject && branch.Read() && branch.TokenType == JsonTokenType.PropertyName
            && (branch.ValueTextEquals("string"u8) || branch.ValueTextEquals("int"u8) || branch.ValueTextEquals("long"u8))
            && branch.Read() && branch.TokenType is JsonTokenType.String or JsonTokenType.Number)
        {
            var value = branch.TokenType == JsonTokenType.String ? branch.GetString() : Encoding.UTF8.GetString(branch.ValueSpan);
            if (branch.Read() && branch.TokenType == JsonTokenType.EndObject)
            {
                reader = branch;
                return value;
            }
        }

        reader.Skip();
        fields.Problem ??= $"the field {Clip(name)} is no plain value";
        return null;
    }

    private static MessageKey FromText(string text)
    {
        if (!text.StartsWith("Struct{", StringComparison.Ordinal))
        {
            return text.Any(char.IsControl) || text is "null" ? s_nothing : Bare(text);
        }

        if (!text.EndsWith('}'))
        {
            return Unreadable("a Struct without its end");
        }

        var fields = default(KeyFields);
        var rest = text.AsSpan(7, text.Length - 8);
        while (!rest.IsEmpty)
        {
            var equals = NameLength(rest);
            if (equals < 0)
            {
                return Unreadable("a Struct whose fields cannot be told apart");
            }

            var name = rest[..equals].ToString();
            rest = rest[(equals + 1)..];
            var end = EndOfValue(rest);
            fields.Add(name, rest[..end].ToString(), canBeId: true);
            rest = end == rest.Length ? [] : rest[(end + 1)..];
        }

        return fields.Key();
    }

    /// <summary>A value ends where a comma and the next field's name follow: commas of its own are not escaped.</summary>
    private static int EndOfValue(ReadOnlySpan<char> text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == ',' && NameLength(text[(at + 1)..]) > 0)
            {
                return at;
            }
        }

        return text.Length;
    }

    /// <returns>-1 where the text does not begin with a field's name and an equals sign.</returns>
    private static int NameLength(ReadOnlySpan<char> text)
    {
        var at = 0;
        while (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] is '_' or '$'))
        {
            at++;
        }

        return at > 0 && at < text.Length && text[at] == '=' ? at : -1;
    }

    private static MessageKey Bare(string text) => string.IsNullOrWhiteSpace(text) ? s_nothing : new MessageKey(text, text, false, null);

    private static MessageKey Unreadable(string problem) => new(null, null, false, problem);

    private static string Clip(string name) => name.Length > 40 ? name[..40] + "…" : name;

    /// <summary>The fields of a key, put together as they are read.</summary>
    private struct KeyFields
    {
        public string? Problem;
        private string? _positionId;
        private bool _hasPositionId;
        private List<string>? _others;

        public void Add(string name, string? value, bool canBeId)
        {
            if (name is "position_id")
            {
                Problem ??= _hasPositionId ? "position_id is given twice" : null;
                _hasPositionId = true;
                _positionId = canBeId && !string.IsNullOrWhiteSpace(value) ? value : null;
            }
            else if (value is not null)
            {
                // Connect's Struct text leaves out what is null, so both forms of a key have one identity.
                (_others ??= []).Add($"{name}={value}");
            }
        }

        public readonly MessageKey Key() => Problem is not null ? Unreadable(Problem)
            : _positionId is null ? s_nothing
            : new MessageKey(_positionId, _others is null ? _positionId : $"{_positionId},{Sorted(_others)}", IsNamed: true, null);

        // The order in which a converter writes the fields is not part of a key.
        private static string Sorted(List<string> others)
        {
            others.Sort(StringComparer.Ordinal);
            return string.Join(',', others);
        }
    }
}
