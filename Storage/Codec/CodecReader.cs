using System.Buffers.Binary;
using System.Text;

namespace RiskMonitor.Storage.Codec;

/// <summary>Reads what <see cref="CodecWriter"/> wrote. Throws <see cref="InvalidDataException"/> when the bytes are something else.</summary>
internal ref struct CodecReader
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly List<string> _strings = [];
    private int _at;
    private long _lastTicks;

    private CodecReader(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
    }

    /// <summary>The version of the form that is being read.</summary>
    public byte Version { get; private set; }

    /// <summary>Begins to read a form whose newest version is <paramref name="known"/>.</summary>
    /// <exception cref="InvalidDataException">The bytes were written by a newer program, or do not fit their checksum.</exception>
    public static CodecReader Open(ReadOnlySpan<byte> bytes, byte known, string what)
    {
        var isSealed = bytes is [>= CodecFormat.Sealed, ..];
        var reader = new CodecReader(isSealed ? Unsealed(bytes, what) : bytes);
        reader.Version = (byte)(reader.Byte() & ~CodecFormat.Sealed);
        return reader.Version >= 1 && reader.Version <= known
            ? reader
            : throw new InvalidDataException($"a stored {what} has format {reader.Version}, and this program reads 1 to {known}: run the version that wrote it, or a newer one");
    }

    /// <summary>Forms of the first programs have no checksum.</summary>
    private static ReadOnlySpan<byte> Unsealed(ReadOnlySpan<byte> bytes, string what)
    {
        var written = bytes[..Math.Max(0, bytes.Length - CodecFormat.ChecksumLength)];
        return written.Length > 0 && BinaryPrimitives.ReadUInt32LittleEndian(bytes[written.Length..]) == CodecFormat.Checksum(written)
            ? written
            : throw new InvalidDataException($"a stored {what} does not fit its checksum: the stored bytes are damaged");
    }

    public readonly void End()
    {
        if (_at != _bytes.Length)
        {
            throw new InvalidDataException($"{_bytes.Length - _at} bytes are left over after byte {_at}: the stored bytes are damaged");
        }
    }

    public byte Byte() => _at < _bytes.Length ? _bytes[_at++] : throw Short();

    public bool Bool() => Byte() switch
    {
        0 => false,
        1 => true,
        var other => throw new InvalidDataException($"byte {_at - 1} is {other} where 0 or 1 belongs: the stored bytes are damaged"),
    };

    public ulong Unsigned()
    {
        var value = 0UL;
        for (var shift = 0; shift < 7 * CodecFormat.LongestVarint; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException($"a number before byte {_at} does not end: the stored bytes are damaged");
    }

    public long Long()
    {
        var value = Unsigned();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public int Int() => checked((int)Long());

    /// <summary>A number of things that follow; each takes at least a byte.</summary>
    public int Count()
    {
        var count = Unsigned();
        return count <= (ulong)(_bytes.Length - _at) ? (int)count : throw Short();
    }

    public string? StringOrNull()
    {
        var mark = Unsigned();
        switch (mark)
        {
            case CodecFormat.NullString:
                return null;
            case CodecFormat.NewString:
                var length = Count();
                var text = Encoding.UTF8.GetString(_bytes.Slice(_at, length));
                _at += length;
                _strings.Add(text);
                return text;
            default:
                var number = mark - CodecFormat.FirstKnownString;
                return number < (ulong)_strings.Count
                    ? _strings[(int)number]
                    : throw new InvalidDataException($"string {number} is referred to before byte {_at} and not defined: the stored bytes are damaged");
        }
    }

    public string String() => StringOrNull() ?? throw new InvalidDataException($"a string before byte {_at} is missing: the stored bytes are damaged");

    public decimal Decimal() => DecimalOrNull() ?? throw new InvalidDataException($"a decimal before byte {_at} is missing: the stored bytes are damaged");

    public decimal? DecimalOrNull()
    {
        var head = Byte();
        if (head == CodecFormat.NullDecimal)
        {
            return null;
        }

        var low = Unsigned();
        var high = (head & CodecFormat.Wide) != 0 ? (uint)Unsigned() : 0;
        return new decimal((int)low, (int)(low >> 32), (int)high, (head & CodecFormat.Negative) != 0, (byte)(head & CodecFormat.ScaleMask));
    }

    public DateTimeOffset Instant()
    {
        _lastTicks += Long();
        return new DateTimeOffset(_lastTicks, TimeSpan.Zero);
    }

    public DateTimeOffset? InstantOrNull() => Bool() ? Instant() : null;

    public DateOnly Date() => DateOnly.FromDayNumber((int)Unsigned());

    public Guid Guid()
    {
        if (_bytes.Length - _at < 16)
        {
            throw Short();
        }

        var value = new Guid(_bytes.Slice(_at, 16), bigEndian: true);
        _at += 16;
        return value;
    }

    private readonly InvalidDataException Short() => new($"the stored bytes end at {_bytes.Length}, before what they announce: they are damaged");
}
