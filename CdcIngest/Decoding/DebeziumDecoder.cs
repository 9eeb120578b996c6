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
    private readonly EnvelopeShapes shapes = new();
    private readonly Wrapper wrapper;
    private readonly byte[] prefix;
    private readonly bool mayHavePrefix;
    private readonly bool mayLackPrefix;
    private readonly WatchedTable table;

    /// <summary>Rows came whose key is another text than their id, so that a key alone names no position.</summary>
    private volatile bool keysAreOtherTexts;

    public DebeziumDecoder(DebeziumOptions options)
    {
        options.Validate();
        wrapper = new Wrapper(options.DecimalScale);
        prefix = Encoding.UTF8.GetBytes(options.MetadataPrefix ?? "__");
        mayHavePrefix = prefix.Length > 0;
        mayLackPrefix = string.IsNullOrEmpty(options.MetadataPrefix);
        table = new WatchedTable(options.Table, options.Database);
    }

    /// <summary>Says what a message means; <see cref="DecodedMessage.Unreadable"/> says what is wrong with it.</summary>
    public DecodedMessage Decode(in FeedMessage message)
    {
        try
        {
            return message.Change is { } change ? change.Row
                : message.Problem is not null ? Unreadable(message, message.Problem)
                : message.HasValue ? Read(message)
                : Tombstone(message);
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

    private DecodedMessage.Unreadable Unreadable(in FeedMessage message, string reason)
    {
        var key = MessageKey.Read(message.Key.Span);
        return new(reason, key.IsNamed || !keysAreOtherTexts ? key.Identity : null);
    }

    private DecodedMessage Tombstone(in FeedMessage message)
    {
        if (table.ForeignTopic(message.Delivery.Topic) is { } other)
        {
            return other;
        }

        var key = Key(message);
        if (key.Identity is null)
        {
            throw new UnreadableMessageException("a null value, and no position_id in the key");
        }

        return key.IsNamed || !keysAreOtherTexts
            ? new DecodedMessage.Tombstone(key.Identity)
            : throw new UnreadableMessageException("a null value, and the keys of this feed are other texts than the position ids of their rows");
    }

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
                if (shapes.TryRead(payload, ref slots))
                {
                    return Classify(slots, schema, message);
                }

                slots = default;
                slots.Read(payload, prefix);
                var decoded = Classify(slots, schema, message);
                if (decoded is DecodedMessage.Row)
                {
                    shapes.Learn(payload, ref slots);
                }

                return decoded;
            case JsonTokenType.Null:
                reader.Read();
                return Tombstone(message);
            default:
                throw new UnreadableMessageException($"expected an object, found {JsonSlot.Read(ref reader, payload).Describe()}");
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
            return DecodedMessage.Ignored.SchemaChange;
        }

        if (slots.HasTransactionStatus && !slots.Flat.HasColumns)
        {
            return DecodedMessage.Ignored.Transaction;
        }

        if (slots.IsCloudEvent && !slots.Flat.HasColumns)
        {
            throw new UnreadableMessageException(
                "a CloudEvents envelope, which is not read; set the connector's value.converter to org.apache.kafka.connect.json.JsonConverter");
        }

        var isHeartbeat = !slots.Flat.HasColumns && IsHeartbeat(message, slots.Bare);
        if (!isHeartbeat && !slots.Prefixed.Table.IsPresent && !slots.Bare.Table.IsPresent && table.ForeignTopic(message.Delivery.Topic) is { } other)
        {
            return other;
        }

        if (slots.Flat.HasColumns || slots.Prefixed.HasFields || slots.Bare.Op.IsPresent || slots.Bare.Deleted.IsPresent)
        {
            return mayHavePrefix && (slots.Prefixed.HasFields || !mayLackPrefix)
                ? Flattened(slots.Flat, slots.Prefixed, schema, message)
                : Flattened(slots.Flat, slots.Bare, schema, message);
        }

        return isHeartbeat
            ? new DecodedMessage.Heartbeat(SourceReader.Milliseconds(slots.Bare.ConnectorMilliseconds, "ts_ms"))
            : throw new UnreadableMessageException("neither a row of positions nor a message of the connector's own: no op, before, after or known column");
    }

    private static bool IsHeartbeat(in FeedMessage message, in MetadataSlots metadata) =>
        !metadata.ConnectorMilliseconds.IsMissing
        && (message.Delivery.Topic.StartsWith("__debezium-heartbeat", StringComparison.Ordinal) || message.Key.Span.IndexOf("\"serverName\""u8) >= 0);

    private DecodedMessage Envelope(in EventSlots slots, WrapperSchema schema, in FeedMessage message)
    {
        if (table.Foreign(slots.Bare, message.Delivery.Topic) is { } other)
        {
            return other;
        }

        var op = Op(slots.Bare.Op) ?? throw ColumnReader.Unexpected("", "op", "one of c, u, d, r, t", slots.Bare.Op);
        if (op == 't')
        {
            return new DecodedMessage.Truncate(sources.Position(slots.Bare), SourceReader.Time(slots.Bare));
        }

        if (op != 'd' && !slots.After.IsRow)
        {
            throw new UnreadableMessageException($"after: expected the row that op={op} needs, found {(slots.After.Value.IsMissing ? "nothing" : slots.After.Value.Describe())}");
        }

        if (!slots.Before.Value.IsMissing)
        {
            throw ColumnReader.Unexpected("", "before", "a row or null", slots.Before.Value);
        }

        if (op == 'd' && (slots.After.IsRow || !slots.After.Value.IsMissing))
        {
            throw new UnreadableMessageException("after: expected null for op=d, found a row");
        }

        if (op != 'd' && !slots.Before.Columns.PositionId.IsMissing && !slots.Before.Columns.PositionId.HasSameTextAs(slots.After.Columns.PositionId))
        {
            // A connector sends a changed key as a delete and a create.
            throw ColumnReader.Unexpected("before.", "position_id", "the id of the row after", slots.Before.Columns.PositionId);
        }

        var mark = SourceReader.Mark(slots.Bare.Snapshot, isRead: op == 'r');
        var id = op == 'd' ? PositionId(slots.Before.Columns, "before.", message) : PositionId(slots.After.Columns, "after.", message);
        return new DecodedMessage.Row(
            id,
            op == 'd' ? null : columns.Read(slots.After.Columns, id, schema, "after."),
            slots.Before.IsRow ? columns.BeforeDesk(slots.Before.Columns, "before.") : null,
            mark,
            sources.Position(slots.Bare),
            sources.TransactionId(slots.Bare, mark),
            SourceReader.Time(slots.Bare),
            MarksDeletes: true,
            sources.Origin(slots.Bare, message.Delivery.Topic));
    }

    private DecodedMessage Flattened(in RowSlots row, in MetadataSlots metadata, WrapperSchema schema, in FeedMessage message)
    {
        if (table.Foreign(metadata, message.Delivery.Topic) is { } other)
        {
            return other;
        }

        // A lone op without prefix may be a column of the table's own, unless the connector is known to add it so.
        var op = metadata.Op.IsMissing ? null : Op(metadata.Op);
        if (op is null && !metadata.Op.IsMissing && !(mayHavePrefix && mayLackPrefix && metadata.HasOnlyBareOp))
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
            MarksDeletes: isDelete || metadata.Deleted.IsPresent,
            sources.Origin(metadata, message.Delivery.Topic));
    }

    private string PositionId(in RowSlots row, string at, in FeedMessage message)
    {
        if (!row.PositionId.IsMissing && !row.PositionId.IsEscaped && MessageKey.IsExactly(message.Key.Span, row.PositionId.Text()))
        {
            return columns.PositionId(row.PositionId, at);
        }

        var key = Key(message);
        if (row.PositionId.IsMissing)
        {
            return key.Identity is not null && (key.IsNamed || !keysAreOtherTexts)
                ? key.Identity
                : throw new UnreadableMessageException($"{at}position_id: expected a text, found nothing, and none in the key");
        }

        var id = columns.PositionId(row.PositionId, at);
        if (key.PositionId is null || key.PositionId == id || key.Identity == id)
        {
            return key.IsNamed ? key.Identity! : id;
        }

        if (key.IsNamed)
        {
            throw ColumnReader.Unexpected(at, "position_id", "the one that the key names", row.PositionId);
        }

        // The topic is keyed by something else, a desk for example.
        keysAreOtherTexts = true;
        return id;
    }

    private static MessageKey Key(in FeedMessage message)
    {
        var key = MessageKey.Read(message.Key.Span);
        return key.Problem is null ? key : throw new UnreadableMessageException($"the key: {key.Problem}");
    }

    /// <returns>Null for what is no operation.</returns>
    private static char? Op(in JsonSlot slot) =>
        slot.Is("u"u8) ? 'u' : slot.Is("c"u8) ? 'c' : slot.Is("d"u8) ? 'd' : slot.Is("r"u8) ? 'r' : slot.Is("t"u8) ? 't' : null;

    private static bool IsDeleted(in JsonSlot slot) => slot.Is("true"u8) || slot.Kind == JsonTokenType.True
        ? true
        : slot.IsMissing || slot.Is("false"u8) || slot.Kind == JsonTokenType.False
            ? false
            : throw ColumnReader.Unexpected("", "__deleted", "true or false", slot);
}
