using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace RiskMonitor.CdcIngest.Decoding;

/// <summary>What a message says about a change besides the row, not read yet: the same things in an envelope and in a flattened row.</summary>
internal ref struct MetadataSlots
{
    public const int Slots = 14;

    public JsonSlot Op;
    public JsonSlot Deleted;
    public JsonSlot ConnectorMilliseconds;
    public JsonSlot TransactionId;
    public JsonSlot File;
    public JsonSlot Offset;
    public JsonSlot Row;
    public JsonSlot Snapshot;
    public JsonSlot CommittedMilliseconds;
    public JsonSlot CommittedMicroseconds;
    public JsonSlot Gtid;
    public JsonSlot Table;
    public JsonSlot Database;

    /// <summary>The connector's logical name, one for each server that is read. Only in an envelope: in a row it could be a column.</summary>
    public JsonSlot Server;
    private bool isAdded;

    [UnscopedRef]
    public ref JsonSlot this[int slot]
    {
        get
        {
            switch (slot)
            {
                case 0:
                    return ref Op;
                case 1:
                    return ref Deleted;
                case 2:
                    return ref ConnectorMilliseconds;
                case 3:
                    return ref TransactionId;
                case 4:
                    return ref File;
                case 5:
                    return ref Offset;
                case 6:
                    return ref Row;
                case 7:
                    return ref Snapshot;
                case 8:
                    return ref CommittedMilliseconds;
                case 9:
                    return ref CommittedMicroseconds;
                case 10:
                    return ref Gtid;
                case 11:
                    return ref Table;
                case 12:
                    return ref Database;
                case 13:
                    return ref Server;
                default:
                    throw new ArgumentOutOfRangeException(nameof(slot));
            }
        }
    }

    /// <summary>True once a field was seen that was added to a row.</summary>
    public readonly bool HasFields => Op.IsPresent || HasFieldsBesideOp;

    /// <summary>Nothing was added to the row but, perhaps, a field named <c>op</c>, without prefix.</summary>
    public readonly bool HasOnlyBareOp => !isAdded && !HasFieldsBesideOp;

    private readonly bool HasFieldsBesideOp =>
        File.IsPresent || Snapshot.IsPresent || CommittedMilliseconds.IsPresent || ConnectorMilliseconds.IsPresent || Table.IsPresent;

    /// <summary>Keeps the value of a field that the connector added to a row, by its name without prefix.</summary>
    public bool TryReadAdded(scoped ReadOnlySpan<byte> name, JsonSlot value)
    {
        if (name.SequenceEqual("table"u8) || name.SequenceEqual("db"u8))
        {
            return TryReadSource(name, value);
        }

        if (!TryRead(name, value))
        {
            return false;
        }

        isAdded = true;
        return true;
    }

    /// <summary>Keeps the value of a field outside of <c>source</c>, by its name without prefix.</summary>
    public bool TryRead(scoped ReadOnlySpan<byte> name, JsonSlot value)
    {
        if (name.StartsWith("source_"u8))
        {
            return TryReadSource(name[7..], value);
        }

        switch (name.Length)
        {
            case 2 when name.SequenceEqual("op"u8):
                JsonSlot.Keep(ref Op, value, "op");
                return true;
            case 4 when name.SequenceEqual("gtid"u8):
                Gtid = value;
                return true;
            case 5 when name.SequenceEqual("ts_ms"u8):
                ConnectorMilliseconds = value;
                return true;
            case 14 when name.SequenceEqual("transaction_id"u8):
                TransactionId = value;
                return true;
            default:
                return false;
        }
    }

    /// <summary>Keeps the value of a field of <c>source</c>.</summary>
    public bool TryReadSource(scoped ReadOnlySpan<byte> name, JsonSlot value)
    {
        switch (name.Length)
        {
            case 2 when name.SequenceEqual("db"u8):
                Database = value;
                return true;
            case 3 when name.SequenceEqual("pos"u8):
                JsonSlot.Keep(ref Offset, value, "source.pos");
                return true;
            case 3 when name.SequenceEqual("row"u8):
                Row = value;
                return true;
            case 4 when name.SequenceEqual("file"u8):
                JsonSlot.Keep(ref File, value, "source.file");
                return true;
            case 4 when name.SequenceEqual("gtid"u8):
                Gtid = value;
                return true;
            case 5 when name.SequenceEqual("ts_ms"u8):
                CommittedMilliseconds = value;
                return true;
            case 5 when name.SequenceEqual("table"u8):
                JsonSlot.Keep(ref Table, value, "source.table");
                return true;
            case 5 when name.SequenceEqual("ts_us"u8):
                CommittedMicroseconds = value;
                return true;
            case 8 when name.SequenceEqual("snapshot"u8):
                Snapshot = value;
                return true;
            default:
                return false;
        }
    }

    /// <summary>Takes the object <c>source</c>, on whose start the reader stands.</summary>
    public void ReadSource(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = PropertyName.Of(ref reader);
            reader.Read();
            var value = JsonSlot.Read(ref reader, json);
            if (name.SequenceEqual("name"u8))
            {
                Server = value;
            }
            else
            {
                TryReadSource(name, value);
            }
        }
    }

    /// <summary>Takes the object <c>transaction</c>, on whose start the reader stands.</summary>
    public void ReadTransaction(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isId = reader.ValueTextEquals("id"u8);
            reader.Read();
            var value = JsonSlot.Read(ref reader, json);
            if (isId)
            {
                TransactionId = value;
            }
        }
    }
}
