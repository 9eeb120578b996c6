using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace RiskMonitor.Storage.Codec;

/// <summary>
/// The primitives of the binary form. Integers are LEB128 varints (signed ones zigzag, as in Protocol Buffers), a string is written once and
/// then referred to by number, an instant is the distance in ticks from the instant before it.
/// </summary>
/// <remarks>
/// A record of a thousand changes needs memory for 100 kB of bytes and thousands of strings. Each thread keeps one writer that has it, because a record follows
/// the next while there is a backlog.
/// </remarks>
internal sealed class CodecWriter
{
    private const int FirstRoom = 1024;

    /// <summary>A writer that needed more than this is not kept.</summary>
    private const int MostKept = 1024 * 1024;
    private const int MostStringsKept = 16_384;

    [ThreadStatic]
    private static CodecWriter? s_spare;

    private readonly Dictionary<string, int> _strings = new(StringComparer.Ordinal);
    private byte[] _bytes = new byte[FirstRoom];
    private int _length;
    private long _lastTicks;

    private CodecWriter()
    {
    }

    /// <summary>Begins a form, which ends with <see cref="ToArray"/> or <see cref="ToSealedArray"/>; the writer is not to be used afterwards.</summary>
    public static CodecWriter Begin(byte version)
    {
        var writer = s_spare ?? new CodecWriter();
        s_spare = null;
        writer._bytes[0] = version;
        writer._length = 1;
        writer._lastTicks = 0;
        return writer;
    }

    public byte[] ToArray()
    {
        var bytes = _bytes.AsSpan(0, _length).ToArray();
        End();
        return bytes;
    }

    /// <summary>What was written, with a checksum.</summary>
    public byte[] ToSealedArray()
    {
        _bytes[0] |= CodecFormat.Sealed;
        var checksum = CodecFormat.Checksum(_bytes.AsSpan(0, _length));
        BinaryPrimitives.WriteUInt32LittleEndian(Room(CodecFormat.ChecksumLength), checksum);
        _length += CodecFormat.ChecksumLength;
        return ToArray();
    }

    public void Byte(byte value)
    {
        Room(1)[0] = value;
        _length++;
    }

    public void Bool(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void Unsigned(ulong value)
    {
        var span = Room(CodecFormat.LongestVarint);
        var length = 0;
        while (value >= 0x80)
        {
            span[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        span[length++] = (byte)value;
        _length += length;
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
        _length += Encoding.UTF8.GetBytes(value, Room(length));
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
        value.TryWriteBytes(Room(16), bigEndian: true, out var length);
        _length += length;
    }

    private Span<byte> Room(int length)
    {
        if (_bytes.Length - _length < length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + length));
        }

        return _bytes.AsSpan(_length);
    }

    private void End()
    {
        if (_bytes.Length <= MostKept && _strings.Count <= MostStringsKept)
        {
            _strings.Clear();
            s_spare = this;
        }
    }
}
