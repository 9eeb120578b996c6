using System.Text.Json;

namespace RiskMonitor.CdcIngest.Decoding;

/// <summary>The columns of a row of <c>positions</c>, not read yet. Columns that nobody needs are passed over.</summary>
internal ref struct RowSlots
{
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

    /// <summary>Keeps the value if <paramref name="name"/> is a column.</summary>
    public bool TryTake(scoped ReadOnlySpan<byte> name, JsonSlot value)
    {
        switch (name.Length)
        {
            case 4 when name.SequenceEqual("desk"u8):
                Desk = value;
                break;
            case 5 when name.SequenceEqual("delta"u8):
                Delta = value;
                break;
            case 8 when name.SequenceEqual("quantity"u8):
                Quantity = value;
                break;
            case 8 when name.SequenceEqual("currency"u8):
                Currency = value;
                break;
            case 9 when name.SequenceEqual("trader_id"u8):
                TraderId = value;
                break;
            case 10 when name.SequenceEqual("entry_date"u8):
                EntryDate = value;
                break;
            case 10 when name.SequenceEqual("updated_at"u8):
                UpdatedAt = value;
                break;
            case 11 when name.SequenceEqual("position_id"u8):
                PositionId = value;
                break;
            case 11 when name.SequenceEqual("security_id"u8):
                SecurityId = value;
                break;
            default:
                return false;
        }

        HasColumns = true;
        return true;
    }

    /// <summary>Takes the object on whose start the reader stands.</summary>
    public void TakeObject(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = PropertyName.Of(ref reader);
            reader.Read();
            TryTake(name, JsonSlot.Take(ref reader, json));
        }
    }
}
