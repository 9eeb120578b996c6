using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace RiskMonitor.CdcIngest.Decoding;

/// <summary>
/// Turns UTF-8 into strings and remembers them, so that a desk's name is made once and not a million times. Bounded: each text has one
/// place, and a newcomer takes it. Safe for several threads, as entries never change.
/// </summary>
internal sealed class Utf8StringPool
{
    private const int LongestPooled = 128;

    private readonly Entry?[] places;

    /// <param name="size">A power of two.</param>
    public Utf8StringPool(int size) => places = new Entry?[size];

    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > LongestPooled)
        {
            return Encoding.UTF8.GetString(utf8);
        }

        ref var place = ref places[Hash(utf8) & (uint)(places.Length - 1)];
        var entry = place;
        if (entry is null || !utf8.SequenceEqual(entry.Utf8))
        {
            entry = new Entry(utf8.ToArray(), Encoding.UTF8.GetString(utf8));
            place = entry;
        }

        return entry.Text;
    }

    private static uint Hash(ReadOnlySpan<byte> utf8)
    {
        var hash = (ulong)utf8.Length;
        while (utf8.Length >= sizeof(ulong))
        {
            hash = Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(utf8));
            utf8 = utf8[sizeof(ulong)..];
        }

        var rest = 0UL;
        foreach (var b in utf8)
        {
            rest = (rest << 8) | b;
        }

        return (uint)(Mix(hash, rest) >> 32);
    }

    private static ulong Mix(ulong hash, ulong word) => BitOperations.RotateLeft((hash ^ word) * 0x9E3779B97F4A7C15, 29);

    private sealed record Entry(byte[] Utf8, string Text);
}
