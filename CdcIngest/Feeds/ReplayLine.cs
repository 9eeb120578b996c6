using System.Buffers;
using System.Text.Json;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Feeds;

/// <summary>
/// One line of a replay file: a message as <c>kcat -C -J</c> prints it. Other tools print other fields, and what they leave out must not pass for
/// a tombstone: a line that is not certainly one of kcat's is refused, with its number and what is wrong with it.
/// </summary>
internal static class ReplayLine
{
    private const string Remedy = "; lines are read as kcat -C -J prints them: topic, partition, offset, key and payload, null for a tombstone";

    private static readonly JsonReaderOptions s_strict = new() { CommentHandling = JsonCommentHandling.Disallow };

    /// <summary>Reads where the message was delivered, and no further than needed.</summary>
    /// <returns>Null when the line is no such message.</returns>
    public static Delivery? ReadDelivery(ReadOnlySpan<byte> line, Func<string, string> intern)
    {
        try
        {
            var reader = new Utf8JsonReader(line, s_strict);
            var parts = new ReplayParts();
            Read(ref reader, line, parts, onlyDelivery: true);
            return parts.Delivery(intern);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Reads the whole message. What cannot be read comes with <see cref="FeedMessage.Problem"/> and the line as its value.</summary>
    /// <param name="number">The line's, from 1.</param>
    /// <param name="ofTheFile">The topic of lines that do not say where they were delivered; their offset is the line's number.</param>
    public static FeedMessage Read(ReadOnlySpan<byte> line, long number, string ofTheFile, Func<string, string> intern)
    {
        var nowhere = new Delivery(ofTheFile, -1, number);
        var parts = new ReplayParts();
        try
        {
            var reader = new Utf8JsonReader(line, s_strict);
            Read(ref reader, line, parts, onlyDelivery: false);
        }
        catch (JsonException e)
        {
            return new FeedMessage(nowhere, default, line.ToArray(), HasValue: true, $"line {number}: not JSON: {e.Message}");
        }
        catch (InvalidOperationException)
        {
            // What the reader says of an escape that is half a character, and of bytes that are no text.
            return new FeedMessage(nowhere, default, line.ToArray(), HasValue: true, $"line {number}: not text");
        }

        return parts.Problem is { } problem
            ? new FeedMessage(parts.Delivery(intern) ?? nowhere, parts.Key ?? [], line.ToArray(), HasValue: true, $"line {number}: {problem}{Remedy}")
            : new FeedMessage(parts.Delivery(intern)!.Value, parts.Key ?? [], parts.Payload ?? default, parts.Payload is not null);
    }

    private static void Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> line, ReplayParts parts, bool onlyDelivery)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            parts.Refuse($"expected an object, found {Describe(reader.TokenType)}");
            reader.Skip();
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = FieldOf(ref reader);
            var other = field == ReplayField.Other ? reader.GetString() : null;
            reader.Read();
            ReadMember(ref reader, line, parts, field, other, onlyDelivery);
            if (onlyDelivery && parts.IsDelivery)
            {
                return;
            }

            reader.Skip();
        }

        // Throws when something follows the end of the message.
        reader.Read();
        parts.Close();
    }

    private static void ReadMember(ref Utf8JsonReader reader, ReadOnlySpan<byte> line, ReplayParts parts, ReplayField field, string? other, bool onlyDelivery)
    {
        if (field != ReplayField.Other && !parts.See(field))
        {
            parts.Refuse($"\"{Name(field)}\" is given twice");
            return;
        }

        switch (field)
        {
            case ReplayField.Topic:
                parts.Topic = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                break;
            case ReplayField.Partition:
                parts.Partition = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var partition) && partition >= 0 ? partition : null;
                break;
            case ReplayField.Offset:
                // The next offset must be a number, too.
                parts.Offset = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var offset) && offset is >= 0 and < long.MaxValue ? offset : null;
                break;
            case ReplayField.Key when !onlyDelivery:
                parts.Key = Bytes(ref reader, line, parts, "key");
                break;
            case ReplayField.Payload when !onlyDelivery:
                parts.PayloadIsNull = reader.TokenType == JsonTokenType.Null;
                parts.Payload = Bytes(ref reader, line, parts, "payload");
                break;
            case ReplayField.Other:
                parts.SeeOther(other!, isNull: reader.TokenType == JsonTokenType.Null);
                break;
        }
    }

    private static byte[]? Bytes(ref Utf8JsonReader reader, ReadOnlySpan<byte> line, ReplayParts parts, string name)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return null;
            case JsonTokenType.String:
                return Text(ref reader);
            case JsonTokenType.StartObject:
                // What kcat has decoded itself (-s value=avro) it prints as JSON.
                var start = reader.TokenStartIndex;
                reader.Skip();
                return line[(int)start..(int)reader.BytesConsumed].ToArray();
            default:
                parts.Refuse($"\"{name}\" is {Describe(reader.TokenType)}, neither a text nor an object");
                return null;
        }
    }

    private static byte[] Text(ref Utf8JsonReader reader)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
        try
        {
            return buffer.AsSpan(0, reader.CopyString(buffer)).ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static ReplayField FieldOf(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("topic"u8) ? ReplayField.Topic
        : reader.ValueTextEquals("partition"u8) ? ReplayField.Partition
        : reader.ValueTextEquals("offset"u8) ? ReplayField.Offset
        : reader.ValueTextEquals("key"u8) ? ReplayField.Key
        : reader.ValueTextEquals("payload"u8) ? ReplayField.Payload
        : reader.ValueTextEquals("tstype"u8) || reader.ValueTextEquals("ts"u8) || reader.ValueTextEquals("broker"u8)
            || reader.ValueTextEquals("headers"u8) || reader.ValueTextEquals("key_schema_id"u8) ? ReplayField.Beside
        : ReplayField.Other;

    private static string Name(ReplayField field) => field switch
    {
        ReplayField.Topic => "topic",
        ReplayField.Partition => "partition",
        ReplayField.Offset => "offset",
        ReplayField.Key => "key",
        _ => "payload",
    };

    private static string Describe(JsonTokenType kind) => kind switch
    {
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a text",
        JsonTokenType.Number => "a number",
        JsonTokenType.Null => "null",
        _ => "true or false",
    };
}
