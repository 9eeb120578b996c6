using System.Buffers;
using System.Text.Json;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Feeds;

/// <summary>One line of a replay file: a message as <c>kcat -C -J</c> prints it.</summary>
internal static class ReplayLine
{
    /// <summary>Reads where the message was delivered, and no further than needed.</summary>
    /// <returns>Null when the line is no such message.</returns>
    public static Delivery? ReadDelivery(ReadOnlySequence<byte> line, Func<string, string> intern)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            var parts = default(Parts);
            Read(ref reader, ref parts, onlyDelivery: true);
            return parts.Delivery(intern);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Reads the whole message.</summary>
    /// <returns>Null when the line is no such message.</returns>
    public static FeedMessage? Read(ReadOnlySequence<byte> line, Func<string, string> intern)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            var parts = default(Parts);
            Read(ref reader, ref parts, onlyDelivery: false);
            return parts.Delivery(intern) is { } delivery ? new FeedMessage(delivery, parts.Key, parts.Payload ?? default, parts.Payload is not null) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static void Read(ref Utf8JsonReader reader, ref Parts parts, bool onlyDelivery)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("topic"u8))
            {
                reader.Read();
                parts.Topic = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            }
            else if (reader.ValueTextEquals("partition"u8))
            {
                reader.Read();
                parts.Partition = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var partition) ? partition : null;
            }
            else if (reader.ValueTextEquals("offset"u8))
            {
                reader.Read();
                parts.Offset = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var offset) ? offset : null;
            }
            else if (!onlyDelivery && reader.ValueTextEquals("key"u8))
            {
                reader.Read();
                parts.Key = Text(ref reader) ?? [];
            }
            else if (!onlyDelivery && reader.ValueTextEquals("payload"u8))
            {
                reader.Read();
                parts.Payload = Text(ref reader);
            }
            else
            {
                reader.Read();
            }

            if (onlyDelivery && parts.IsDelivery)
            {
                return;
            }

            reader.Skip();
        }

        // Throws when something follows the end of the message.
        reader.Read();
    }

    private static byte[]? Text(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (reader.TokenType != JsonTokenType.String)
        {
            throw new JsonException("key and payload are texts");
        }

        var longest = reader.HasValueSequence ? (int)reader.ValueSequence.Length : reader.ValueSpan.Length;
        var buffer = ArrayPool<byte>.Shared.Rent(longest);
        try
        {
            return buffer.AsSpan(0, reader.CopyString(buffer)).ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private struct Parts
    {
        public string? Topic;
        public int? Partition;
        public long? Offset;
        public byte[]? Key;
        public byte[]? Payload;

        public readonly bool IsDelivery => Topic is not null && Partition is not null && Offset is not null;

        public readonly Delivery? Delivery(Func<string, string> intern) => IsDelivery ? new Delivery(intern(Topic!), Partition!.Value, Offset!.Value) : null;
    }
}
