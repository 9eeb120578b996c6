using System.Text.Json;

namespace RiskMonitor.CdcIngest.Decoding;

/// <summary>The row before or after a change, in an envelope: its columns, or what stands in its place.</summary>
internal ref struct RowImage
{
    public RowSlots Columns;

    /// <summary>Null, or a value that is no row. Absent where there is a row.</summary>
    public JsonSlot Value;

    public bool IsRow;

    public readonly bool IsPresent => IsRow || Value.IsPresent;

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
