using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;

namespace RiskMonitor.CdcIngest.Decoding;

/// <summary>
/// Decimals as Kafka Connect writes them (<c>org.apache.kafka.connect.data.Decimal</c>): base64 of the unscaled value, big-endian two's
/// complement in any number of bytes.
/// </summary>
internal static class DecimalBytes
{
    private const int MaxBytes = 96;

    public static bool TryParse(ReadOnlySpan<byte> base64, int scale, out decimal value)
    {
        value = 0;
        Span<byte> bytes = stackalloc byte[MaxBytes];
        return Base64.DecodeFromUtf8(base64, bytes, out var consumed, out var written) == OperationStatus.Done
            && consumed == base64.Length
            && TryRead(bytes[..written], scale, out value);
    }

    private static bool TryRead(ReadOnlySpan<byte> unscaled, int scale, out decimal value)
    {
        value = 0;
        if (unscaled.IsEmpty)
        {
            return false;
        }

        var isNegative = (unscaled[0] & 0x80) != 0;
        var sign = isNegative ? (byte)0xFF : (byte)0;
        while (unscaled.Length > 16)
        {
            // More than 16 bytes are fine as long as they only repeat the sign.
            if (unscaled[0] != sign || (unscaled[1] & 0x80) != (sign & 0x80))
            {
                return false;
            }

            unscaled = unscaled[1..];
        }

        Span<byte> whole = stackalloc byte[16];
        whole.Fill(sign);
        unscaled.CopyTo(whole[(16 - unscaled.Length)..]);
        var number = BinaryPrimitives.ReadInt128BigEndian(whole);
        var magnitude = isNegative ? (UInt128)(-(number + 1)) + 1 : (UInt128)number;
        return DecimalText.TryMake(magnitude, scale, isNegative, out value);
    }
}
