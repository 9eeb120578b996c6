using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using RiskMonitor.CdcIngest.Feeds;

namespace RiskMonitor.CdcIngest.Pipeline;

/// <summary>
/// Tells by one number whether two messages say the same. It is stored, so it depends on nothing but the bytes; it protects against mistakes,
/// not against forgers.
/// </summary>
internal static class MessageFingerprint
{
    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    public static long Of(in FeedMessage message)
    {
        var hash = Mix(Multiplier, message.HasValue ? 1UL : 2UL);
        return (long)Add(Add(hash, message.Key.Span), message.Value.Span);
    }

    /// <summary>A chain over lines: the number so far, and one line more.</summary>
    public static long After(long before, ReadOnlySequence<byte> line) => (long)Add((ulong)before, line.IsSingleSegment ? line.FirstSpan : line.ToArray());

    private static ulong Add(ulong hash, ReadOnlySpan<byte> bytes)
    {
        hash = Mix(hash, (ulong)bytes.Length);
        while (bytes.Length >= sizeof(ulong))
        {
            hash = Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        var rest = 0UL;
        foreach (var b in bytes)
        {
            rest = (rest << 8) | b;
        }

        return Mix(hash, rest);
    }

    private static ulong Mix(ulong hash, ulong word) => BitOperations.RotateLeft((hash ^ word) * Multiplier, 29);
}
