using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using RiskMonitor.CdcIngest.Feeds;

namespace RiskMonitor.CdcIngest.Decoding;

/// <summary>
/// Reads change events in every form that a Debezium connector for MySQL or MariaDB can be configured to send (envelope or flattened, wrapped
/// or not), telling the form from each message. Never throws, whatever the bytes; safe for several threads.
/// </summary>
public sealed class DebeziumDecoder
{
    private readonly ColumnReader columns = new();
    private readonly SourceReader sources = new();
    private readonly Wrapper wrapper;
    private readonly byte[] prefix;
    private readonly bool mayHavePrefix;
    private readonly bool mayLackPrefix;

    public DebeziumDecoder(DebeziumOptions options)
    {
        options.Validate();
        wrapper = new Wrapper(options.DecimalScale);
        prefix = Encoding.UTF8.GetBytes(options.MetadataPrefix ?? "__");
        mayHavePrefix = prefix.Length > 0;
        mayLackPrefix = string.IsNullOrEmpty(options.MetadataPrefix);
    }

    /// <summary>Says what a message means; <see cref="DecodedMessage.Unreadable"/> says what is wrong with it.</summary>
    public DecodedMessage Decode(in FeedMessage message)
    {
        try
        {
            return message.HasValue ? Read(message) : Null(message);
        }
        catch (UnreadableMessageException e)
        {
            return Unreadable(message, e.Message);
        }
        catch (JsonException e)
        {
            return Unreadable(message, $"not JSON: {e.Message}");
        }
        catch (InvalidOperationException e)
        {
            // What the JSON reader says of an escape that is half a character.
            return Unreadable(message, $"not text: {e.Message}");
        }
    }

    private static DecodedMessage.Unreadable Unreadable(in FeedMessage message, string reason) => new(reason, MessageKey.PositionId(message.Key.Span));

    private static DecodedMessage.Null Null(in FeedMessage message) => new(
        MessageKey.PositionId(message.Key.Span) ?? throw new UnreadableMessageException("a null value, and no position_id in the key"));

    private DecodedMessage Read(in FeedMessage message)
    {
        var value = message.Value.Span;
        if (value.IsEmpty)
        {
            throw new UnreadableMessageException("the value is empty");
        }

        if (!Utf8.IsValid(value))
        {
            throw new UnreadableMessageException("the value is not UTF-8");
        }

        var payload = wrapper.Open(value, out var schema);
        var reader = new Utf8JsonReader(payload);
        reader.Read();
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var slots = default(EventSlots);
                slots.Take(payload, prefix);
                return Classify(slots, schema, message);
            case JsonTokenType.Null:
                reader.Read();
                return Null(message);
            default:
                throw new UnreadableMessageException($"expected an object, found {JsonSlot.Take(ref reader, payload).Describe()}");
        }
    }

    private DecodedMessage Classify(in EventSlots slots, WrapperSchema schema, in FeedMessage message)
    {
        if (slots.IsEnvelope)
        {
            return Envelope(slots, schema, message);
        }

        if (slots.HasSchemaChange)
        {
            return new DecodedMessage.Ignored("schema_change");
        }

        if (slots.HasTransactionStatus && !slots.Flat.HasColumns)
        {
            return new DecodedMessage.Ignored("transaction");
        }

        if (slots.Flat.HasColumns || slots.Prefixed.Op.IsPresent || slots.Bare.Op.IsPresent || slots.Bare.Deleted.IsPresent)
        {
            return mayHavePrefix && (slots.Prefixed.SaysSomething || !mayLackPrefix)
                ? Flattened(slots.Flat, slots.Prefixed, schema, message)
                : Flattened(slots.Flat, slots.Bare, schema, message);
        }

        return IsHeartbeat(message, slots.Bare)
            ? new DecodedMessage.Heartbeat(SourceReader.Milliseconds(slots.Bare.ConnectorMilliseconds, "ts_ms"))
            : throw new UnreadableMessageException("neither a row of positions nor a message of the connector's own: no op, before, after or known column");
    }

    private static bool IsHeartbeat(in FeedMessage message, in MetadataSlots metadata) =>
        !metadata.ConnectorMilliseconds.IsMissing
        && (message.Delivery.Topic.StartsWith("__debezium-heartbeat", StringComparison.Ordinal) || message.Key.Span.IndexOf("\"serverName\""u8) >= 0);

    private DecodedMessage Envelope(in EventSlots slots, WrapperSchema schema, in FeedMessage message)
    {
        var op = Op(slots.Bare.Op) ?? throw ColumnReader.Unexpected("", "op", "one of c, u, d, r, t", slots.Bare.Op);
        if (op == 't')
        {
            return new DecodedMessage.Truncate(sources.Position(slots.Bare), SourceReader.Time(slots.Bare));
        }

        if (op != 'd' && !slots.HasAfter)
        {
            throw new UnreadableMessageException($"after: expected the row that op={op} needs, found nothing");
        }

        var mark = SourceReader.Mark(slots.Bare.Snapshot, isRead: op == 'r');
        var id = op == 'd' ? PositionId(slots.Before, "before.", message) : PositionId(slots.After, "after.", message);
        return new DecodedMessage.Row(
            id,
            op == 'd' ? null : columns.Read(slots.After, id, schema, "after."),
            slots.HasBefore ? columns.BeforeDesk(slots.Before, "before.") : null,
            mark,
            sources.Position(slots.Bare),
            sources.TransactionId(slots.Bare, mark),
            SourceReader.Time(slots.Bare),
            TellsDeletes: true);
    }

    private DecodedMessage Flattened(in RowSlots row, in MetadataSlots metadata, WrapperSchema schema, in FeedMessage message)
    {
        var op = metadata.Op.IsMissing ? null : Op(metadata.Op);
        if (op is null && !metadata.Op.IsMissing && !(mayHavePrefix && mayLackPrefix))
        {
            throw ColumnReader.Unexpected("", "op", "one of c, u, d, r, t", metadata.Op);
        }

        if (op == 't')
        {
            return new DecodedMessage.Truncate(sources.Position(metadata), SourceReader.Time(metadata));
        }

        var isDelete = op == 'd' || IsDeleted(metadata.Deleted);
        var mark = SourceReader.Mark(metadata.Snapshot, isRead: op == 'r');
        var id = PositionId(row, "", message);
        return new DecodedMessage.Row(
            id,
            isDelete ? null : columns.Read(row, id, schema, ""),
            // A flattened delete carries the row as it was.
            isDelete ? columns.BeforeDesk(row, "") : null,
            mark,
            sources.Position(metadata),
            sources.TransactionId(metadata, mark),
            SourceReader.Time(metadata),
            TellsDeletes: isDelete || metadata.Deleted.IsPresent);
    }

    private string PositionId(in RowSlots row, string at, in FeedMessage message) => row.PositionId.IsMissing
        ? MessageKey.PositionId(message.Key.Span) ?? throw new UnreadableMessageException($"{at}position_id: expected a text, found nothing, and none in the key")
        : columns.PositionId(row.PositionId, at);

    /// <returns>Null for what is no operation.</returns>
    private static char? Op(in JsonSlot slot) =>
        slot.Is("u"u8) ? 'u' : slot.Is("c"u8) ? 'c' : slot.Is("d"u8) ? 'd' : slot.Is("r"u8) ? 'r' : slot.Is("t"u8) ? 't' : null;

    private static bool IsDeleted(in JsonSlot slot) => slot.Is("true"u8) || slot.Kind == JsonTokenType.True
        ? true
        : slot.IsMissing || slot.Is("false"u8) || slot.Kind == JsonTokenType.False
            ? false
            : throw ColumnReader.Unexpected("", "__deleted", "true or false", slot);
}
