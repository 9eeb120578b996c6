using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace RiskMonitor.Storage.Codec;

/// <summary>
/// The primitives of the binary form. Integers are LEB128 varints (signed ones zigzag, as in Protocol Buffers), a string is written once and
/// then referred to by number, an instant is the distance in ticks from the instant before it.
/// </summary>
internal sealed class CodecWriter(byte version)
{
    private readonly ArrayBufferWriter<byte> _buffer = Begin(version);
    private readonly Dictionary<string, int> _strings = new(StringComparer.Ordinal);
    private long _lastTicks;

    public byte[] ToArray() => _buffer.WrittenSpan.ToArray();

    /// <summary>What was written, with a checksum.</summary>
    public byte[] ToSealedArray()
    {
        var bytes = new byte[_buffer.WrittenCount + CodecFormat.ChecksumLength];
        var written = bytes.AsSpan(0, _buffer.WrittenCount);
        _buffer.WrittenSpan.CopyTo(written);
        written[0] |= CodecFormat.Sealed;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(written.Length), CodecFormat.Checksum(written));
        return bytes;
    }

    public void Byte(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
    }

    public void Bool(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void Unsigned(ulong value)
    {
        var span = _buffer.GetSpan(CodecFormat.LongestVarint);
        var length = 0;
        while (value >= 0x80)
        {
            span[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        span[length++] = (byte)value;
        _buffer.Advance(length);
    }

    public void Long(long value) => Unsigned((ulong)((value << 1) ^ (value >> 63)));

    public void Int(int value) => Long(value);

    public void Count(int value) => Unsigned((ulong)value);

    public void String(string? value)
    {
        if (value is null)
        {
            Unsigned(CodecFormat.NullString);
            return;
        }

        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_strings, value, out var known);
        if (known)
        {
            Unsigned(CodecFormat.FirstKnownString + (ulong)number);
            return;
        }

        number = _strings.Count - 1;
        Unsigned(CodecFormat.NewString);
        var length = Encoding.UTF8.GetByteCount(value);
        Count(length);
        Encoding.UTF8.GetBytes(value, _buffer.GetSpan(length));
        _buffer.Advance(length);
    }

    /// <summary>Exact, scale included: 1.0 and 1.0000 stay different.</summary>
    public void Decimal(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var head = (byte)((bits[3] >> 16) & CodecFormat.ScaleMask);
        if (bits[3] < 0)
        {
            head |= CodecFormat.Negative;
        }

        var isWide = bits[2] != 0;
        Byte(isWide ? (byte)(head | CodecFormat.Wide) : head);
        Unsigned(((ulong)(uint)bits[1] << 32) | (uint)bits[0]);
        if (isWide)
        {
            Unsigned((uint)bits[2]);
        }
    }

    public void Decimal(decimal? value)
    {
        if (value is null)
        {
            Byte(CodecFormat.NullDecimal);
        }
        else
        {
            Decimal(value.Value);
        }
    }

    public void Instant(DateTimeOffset value)
    {
        var ticks = value.UtcTicks;
        Long(ticks - _lastTicks);
        _lastTicks = ticks;
    }

    public void Instant(DateTimeOffset? value)
    {
        Bool(value is not null);
        if (value is not null)
        {
            Instant(value.Value);
        }
    }

    public void Date(DateOnly value) => Count(value.DayNumber);

    public void Guid(Guid value)
    {
        value.TryWriteBytes(_buffer.GetSpan(16), bigEndian: true, out var length);
        _buffer.Advance(length);
    }

    private static ArrayBufferWriter<byte> Begin(byte version)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        buffer.Write([version]);
        return buffer;
    }
}
