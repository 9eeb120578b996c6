using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace RiskMonitor.CdcIngest.Decoding;

/// <summary>The columns of a row of <c>positions</c>, not read yet. Other columns are skipped.</summary>
internal ref struct RowSlots
{
    public const int Slots = 9;

    public JsonSlot PositionId;
    public JsonSlot TraderId;
    public JsonSlot Desk;
    public JsonSlot SecurityId;
    public JsonSlot Quantity;
    public JsonSlot Delta;
    public JsonSlot EntryDate;
    public JsonSlot Currency;
    public JsonSlot UpdatedAt;

    /// <summary>True once a column was seen.</summary>
    public bool HasColumns;

    [UnscopedRef]
    public ref JsonSlot this[int slot]
    {
        get
        {
            switch (slot)
            {
                case 0:
                    return ref PositionId;
                case 1:
                    return ref TraderId;
                case 2:
                    return ref Desk;
                case 3:
                    return ref SecurityId;
                case 4:
                    return ref Quantity;
                case 5:
                    return ref Delta;
                case 6:
                    return ref EntryDate;
                case 7:
                    return ref Currency;
                case 8:
                    return ref UpdatedAt;
                default:
                    throw new ArgumentOutOfRangeException(nameof(slot));
            }
        }
    }

    /// <summary>Keeps the value if <paramref name="name"/> is a column.</summary>
    public bool TryRead(scoped ReadOnlySpan<byte> name, JsonSlot value)
    {
        switch (name.Length)
        {
            case 4 when name.SequenceEqual("desk"u8):
                JsonSlot.Keep(ref Desk, value, "desk");
                break;
            case 5 when name.SequenceEqual("delta"u8):
                JsonSlot.Keep(ref Delta, value, "delta");
                break;
            case 8 when name.SequenceEqual("quantity"u8):
                JsonSlot.Keep(ref Quantity, value, "quantity");
                break;
            case 8 when name.SequenceEqual("currency"u8):
                JsonSlot.Keep(ref Currency, value, "currency");
                break;
            case 9 when name.SequenceEqual("trader_id"u8):
                JsonSlot.Keep(ref TraderId, value, "trader_id");
                break;
            case 10 when name.SequenceEqual("entry_date"u8):
                JsonSlot.Keep(ref EntryDate, value, "entry_date");
                break;
            case 10 when name.SequenceEqual("updated_at"u8):
                JsonSlot.Keep(ref UpdatedAt, value, "updated_at");
                break;
            case 11 when name.SequenceEqual("position_id"u8):
                JsonSlot.Keep(ref PositionId, value, "position_id");
                break;
            case 11 when name.SequenceEqual("security_id"u8):
                JsonSlot.Keep(ref SecurityId, value, "security_id");
                break;
            default:
                return false;
        }

        HasColumns = true;
        return true;
    }

    /// <summary>Takes the object on whose start the reader stands.</summary>
    public void ReadObject(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        var isFirst = true;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = PropertyName.Of(ref reader);
            reader.Read();
            if (isFirst && reader.TokenType == JsonTokenType.StartObject)
            {
                // Avro's JSON names the branch of a union: {"Value": {the row}}.
                ReadObject(ref reader, json);
                continue;
            }

            isFirst = false;
            TryRead(name, JsonSlot.Read(ref reader, json));
        }
    }
}
