using System.Text.Json;

namespace RiskMonitor.CdcIngest.Decoding;

/// <summary>
/// Takes messages out of their <c>{schema, payload}</c> wrapper. Each carries its schema, several kilobytes and always the same, so that the
/// last one is remembered and recognised by its bytes.
/// </summary>
internal sealed class Wrapper(int decimalScale)
{
    private readonly WrapperSchema noSchema = WrapperSchema.None(decimalScale);
    private Known? known;

    /// <summary>The message without wrapper, or as it is where it has none.</summary>
    public ReadOnlySpan<byte> Open(ReadOnlySpan<byte> message, out WrapperSchema schema)
    {
        var last = Volatile.Read(ref known);
        if (last is not null && message[^1] == '}' && message.StartsWith(last.Opening))
        {
            schema = last.Schema;
            return message[last.Opening.Length..^1];
        }

        schema = noSchema;
        var reader = new Utf8JsonReader(message);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return message;
        }

        Range? schemaAt = null;
        Range? payloadAt = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isSchema = reader.ValueTextEquals("schema"u8);
            if (!isSchema && !reader.ValueTextEquals("payload"u8))
            {
                return message;
            }

            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            var at = start..(int)reader.BytesConsumed;
            if ((isSchema ? schemaAt : payloadAt) is not null)
            {
                throw new UnreadableMessageException($"{(isSchema ? "schema" : "payload")} is given twice");
            }

            if (isSchema)
            {
                schemaAt = at;
            }
            else
            {
                payloadAt = at;
            }
        }

        if (schemaAt is null != payloadAt is null)
        {
            throw new UnreadableMessageException($"a wrapper without {(schemaAt is null ? "schema" : "payload")}");
        }

        if (schemaAt is null || payloadAt is null)
        {
            return message;
        }

        // Throws when something follows the end of the message.
        reader.Read();
        schema = WrapperSchema.Read(message[schemaAt.Value], decimalScale);
        if (schemaAt.Value.Start.Value < payloadAt.Value.Start.Value)
        {
            Volatile.Write(ref known, new Known(message[..payloadAt.Value.Start.Value].ToArray(), schema));
        }

        return message[payloadAt.Value];
    }

    /// <param name="Opening">The message up to the payload.</param>
    private sealed record Known(byte[] Opening, WrapperSchema Schema);
}
