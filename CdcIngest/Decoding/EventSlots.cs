using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace RiskMonitor.CdcIngest.Decoding;

/// <summary>
/// Everything of interest in one message, found in one pass, not read yet. Only when all of it was seen can be said what the message is:
/// an envelope, a flattened row, or something of the connector's own.
/// </summary>
internal ref struct EventSlots
{
    /// <summary>The row, in a flattened message.</summary>
    public RowSlots Flat;

    public RowImage Before;
    public RowImage After;

    /// <summary>Fields without prefix, and those of an envelope's <c>source</c> and <c>transaction</c>.</summary>
    public MetadataSlots Bare;

    /// <summary>Fields with the prefix.</summary>
    public MetadataSlots Prefixed;

    public bool HasSource;
    public bool HasSchemaChange;
    public bool HasTransactionStatus;
    public bool IsCloudEvent;

    /// <summary>How many slots an envelope can fill.</summary>
    public const int OfEnvelope = RowImage.Slots + RowImage.Slots + MetadataSlots.Slots;

    /// <summary>The slots of an envelope by number, so that a shape can name them.</summary>
    [UnscopedRef]
    public ref JsonSlot this[int slot]
    {
        get
        {
            if (slot < RowImage.Slots)
            {
                return ref Before[slot];
            }

            slot -= RowImage.Slots;
            if (slot < RowImage.Slots)
            {
                return ref After[slot];
            }

            return ref Bare[slot - RowImage.Slots];
        }
    }

    public readonly bool IsEnvelope => !Flat.PositionId.IsPresent
        && (Before.IsRow || After.IsRow || ((HasSource || Before.IsPresent || After.IsPresent) && Bare.Op.IsPresent));

    public void Read(ReadOnlySpan<byte> json, ReadOnlySpan<byte> prefix)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = PropertyName.Of(ref reader);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject || !TryReadPart(name, ref reader, json))
            {
                ReadMember(name, JsonSlot.Read(ref reader, json), prefix);
            }
        }

        // Throws when something follows the end of the message.
        reader.Read();
    }

    private bool TryReadPart(scoped ReadOnlySpan<byte> name, scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        if (name.SequenceEqual("after"u8))
        {
            After.ReadRow(ref reader, json, "after");
        }
        else if (name.SequenceEqual("before"u8))
        {
            Before.ReadRow(ref reader, json, "before");
        }
        else if (name.SequenceEqual("source"u8))
        {
            JsonSlot.DemandFirst(HasSource, "source");
            HasSource = true;
            Bare.ReadSource(ref reader, json);
        }
        else if (name.SequenceEqual("transaction"u8))
        {
            Bare.ReadTransaction(ref reader, json);
        }
        else
        {
            return false;
        }

        return true;
    }

    private void ReadMember(scoped ReadOnlySpan<byte> name, JsonSlot value, scoped ReadOnlySpan<byte> prefix)
    {
        // A column comes first: with an empty prefix a field could be taken for one.
        if (Flat.TryRead(name, value))
        {
            return;
        }

        // Whatever the prefix, the connector names this one so.
        if (name.SequenceEqual("__deleted"u8) || (!prefix.IsEmpty && IsPrefixedDeleted(name, prefix)))
        {
            JsonSlot.Keep(ref Bare.Deleted, value, "__deleted");
            Prefixed.Deleted = value;
            return;
        }

        var isTaken = (!prefix.IsEmpty && name.StartsWith(prefix) && Prefixed.TryReadAdded(name[prefix.Length..], value))
            || (prefix.IsEmpty ? Bare.TryReadAdded(name, value) : Bare.TryRead(name, value));
        if (!isTaken)
        {
            if (name.SequenceEqual("after"u8))
            {
                After.Keep(value, "after");
            }
            else if (name.SequenceEqual("before"u8))
            {
                Before.Keep(value, "before");
            }

            IsCloudEvent |= name.SequenceEqual("specversion"u8);
            HasSchemaChange |= name.SequenceEqual("ddl"u8) || name.SequenceEqual("tableChanges"u8);
            HasTransactionStatus |= name.SequenceEqual("status"u8) && (value.Is("BEGIN"u8) || value.Is("END"u8));
        }
    }

    private static bool IsPrefixedDeleted(ReadOnlySpan<byte> name, ReadOnlySpan<byte> prefix) =>
        name.Length == prefix.Length + 7 && name.StartsWith(prefix) && name.EndsWith("deleted"u8);
}
