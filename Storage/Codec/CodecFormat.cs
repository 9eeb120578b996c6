using System.Buffers.Binary;
using System.Numerics;

namespace RiskMonitor.Storage.Codec;

/// <summary>The marks that writer and reader share. They are stored: never change one, begin a new version instead.</summary>
internal static class CodecFormat
{
    public const int LongestVarint = 10;

    public const ulong NullString = 0;
    public const ulong NewString = 1;
    public const ulong FirstKnownString = 2;

    /// <summary>Set in the first byte, beside the version, where a checksum of all bytes before it ends the form.</summary>
    public const byte Sealed = 0x80;

    public const int ChecksumLength = sizeof(uint);

    /// <summary>The first byte of a decimal: the scale (0 to 28) and these flags.</summary>
    public const byte ScaleMask = 0x1F;
    public const byte Negative = 0x20;
    public const byte Wide = 0x40;
    public const byte NullDecimal = 0x80;

    /// <summary>CRC-32C: a bit that a disk or a memory has turned would otherwise be read as another figure.</summary>
    public static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var checksum = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            checksum = BitOperations.Crc32C(checksum, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (var rest in bytes)
        {
            checksum = BitOperations.Crc32C(checksum, rest);
        }

        return ~checksum;
    }
}
