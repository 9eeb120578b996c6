using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace RiskMonitor.CdcIngest.Decoding;

/// <summary>The row before or after a change, in an envelope: its columns, or what stands in its place.</summary>
internal ref struct RowImage
{
    public const int Slots = RowSlots.Slots + 1;

    public RowSlots Columns;

    /// <summary>Null, or a value that is no row. Absent where there is a row.</summary>
    public JsonSlot Value;

    public bool IsRow;

    public readonly bool IsPresent => IsRow || Value.IsPresent;

    [UnscopedRef]
    public ref JsonSlot this[int slot]
    {
        get
        {
            if (slot < RowSlots.Slots)
            {
                return ref Columns[slot];
            }

            return ref Value;
        }
    }

    /// <summary>Takes the object on whose start the reader stands.</summary>
    public void ReadRow(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> json, string field)
    {
        JsonSlot.DemandFirst(IsPresent, field);
        IsRow = true;
        Columns.ReadObject(ref reader, json);
    }

    public void Keep(JsonSlot value, string field)
    {
        JsonSlot.DemandFirst(IsPresent, field);
        Value = value;
    }
}
