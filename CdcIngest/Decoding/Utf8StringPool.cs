using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace RiskMonitor.CdcIngest.Decoding;

/// <summary>
/// Turns UTF-8 into strings and remembers them, so that a desk's name is made once and not a million times. Bounded: each text has a few
/// places, and a newcomer that finds them taken gets the first. Safe for several threads, as entries never change.
/// </summary>
internal sealed class Utf8StringPool
{
    private const int LongestPooled = 128;

    /// <summary>With one place for each text, two names that are often used and share it would be made anew again and again.</summary>
    private const int PlacesOfText = 4;

    private readonly Entry?[] places;

    /// <param name="size">A power of two.</param>
    public Utf8StringPool(int size) => places = new Entry?[size];

    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > LongestPooled)
        {
            return Encoding.UTF8.GetString(utf8);
        }

        var hash = Hash(utf8);
        ref var free = ref Place(hash);
        for (var i = 0u; i < PlacesOfText; i++)
        {
            ref var place = ref Place(hash + i);
            var entry = place;
            if (entry is null)
            {
                free = ref place;
                break;
            }

            if (utf8.SequenceEqual(entry.Utf8))
            {
                return entry.Text;
            }
        }

        var made = new Entry(utf8.ToArray(), Encoding.UTF8.GetString(utf8));
        free = made;
        return made.Text;
    }

    private ref Entry? Place(uint hash) => ref places[hash & (uint)(places.Length - 1)];

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
