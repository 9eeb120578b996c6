using RiskMonitor.Risk.Journal;
using RiskMonitor.Storage.Codec;

namespace RiskMonitor.Storage.Journal;

/// <summary>Reads journal records, and checks that each is where it belongs.</summary>
internal static class StoredRecord
{
    /// <exception cref="InvalidDataException">The record cannot be read, or is another one.</exception>
    public static JournalRecord Decode(string desk, long sequence, byte[] bytes)
    {
        try
        {
            var record = JournalCodec.DecodeRecord(bytes);
            return record.Sequence == sequence && string.Equals(record.Desk, desk, StringComparison.Ordinal)
                ? record
                : throw new InvalidDataException($"it is record {record.Sequence} of another desk or place");
        }
        catch (Exception error)
        {
            throw new InvalidDataException($"journal record {sequence} cannot be read: {error.Message}", error);
        }
    }
}
