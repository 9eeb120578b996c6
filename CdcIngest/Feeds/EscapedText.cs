using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace RiskMonitor.CdcIngest.Feeds;

/// <summary>Resolves the escapes of a JSON text in which quotes, slashes and backslashes are escaped and nothing else: JSON within JSON has one every few bytes.</summary>
internal static class EscapedText
{
    private static readonly Vector128<byte> s_quotes = Vector128.Create((byte)'"');
    private static readonly Vector128<byte> s_backslashes = Vector128.Create((byte)'\\');

    /// <summary>How much longer than the text the memory for the result must be: a piece is copied before it is known how much of it is wanted.</summary>
    public static int Spare => Vector128<byte>.Count;

    /// <param name="text">Begins behind the opening quote.</param>
    /// <param name="read">Where in the text the closing quote stands.</param>
    /// <param name="written">How long the result is.</param>
    /// <returns>False where there is another escape, or no closing quote.</returns>
    public static bool TryResolve(ReadOnlySpan<byte> text, Span<byte> result, out int read, out int written)
    {
        (read, written) = (0, 0);
        return (Avx512Vbmi2.IsSupported && ResolveBlocks(text, result, ref read, ref written)) || ResolvePieces(text, result, ref read, ref written);
    }

    /// <summary>Goes from escape to escape.</summary>
    /// <inheritdoc cref="TryResolve"/>
    internal static bool ResolvePieces(ReadOnlySpan<byte> text, Span<byte> result, ref int read, ref int written)
    {
        while (true)
        {
            var plain = CopyPlain(text[read..], result[written..]);
            (read, written) = (read + plain, written + plain);
            if (read == text.Length)
            {
                return false;
            }

            if (text[read] == '"')
            {
                return true;
            }

            if (read + 1 == text.Length || text[read + 1] is not ((byte)'"' or (byte)'\\' or (byte)'/'))
            {
                return false;
            }

            result[written++] = text[read + 1];
            read += 2;
        }
    }

    /// <summary>Takes the backslashes out of 64 bytes at a time, for as long as each escapes a quote or a slash.</summary>
    /// <returns>Whether the closing quote was found; if not, the rest is for <see cref="ResolvePieces"/>.</returns>
    private static bool ResolveBlocks(ReadOnlySpan<byte> text, Span<byte> result, ref int read, ref int written)
    {
        var backslash = Vector512.Create((byte)'\\');
        while (text.Length - read >= Vector512<byte>.Count)
        {
            var block = Vector512.Create(text[read..]);
            var isEscape = Vector512.Equals(block, backslash);
            var escapes = isEscape.ExtractMostSignificantBits();
            var quotes = Vector512.Equals(block, Vector512.Create((byte)'"')).ExtractMostSignificantBits();
            var slashes = Vector512.Equals(block, Vector512.Create((byte)'/')).ExtractMostSignificantBits();
            var escaped = escapes << 1;
            if ((escaped & ~(quotes | slashes)) != 0)
            {
                return false;
            }

            Avx512Vbmi2.Compress(Vector512<byte>.Zero, ~isEscape, block).CopyTo(result[written..]);
            var closing = quotes & ~escaped;
            // A backslash at the end of the block is the first byte of the next one, together with what it escapes.
            var length = closing != 0 ? BitOperations.TrailingZeroCount(closing) : Vector512<byte>.Count - (int)(escapes >> 63);
            read += length;
            written += length - BitOperations.PopCount(length == Vector512<byte>.Count ? escapes : escapes & ((1UL << length) - 1));
            if (closing != 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Copies up to the next quote or backslash.</summary>
    /// <returns>How many bytes those were.</returns>
    private static int CopyPlain(ReadOnlySpan<byte> text, Span<byte> result)
    {
        var at = 0;
        for (; text.Length - at >= Vector128<byte>.Count; at += Vector128<byte>.Count)
        {
            var piece = Vector128.Create(text[at..]);
            piece.CopyTo(result[at..]);
            var found = (Vector128.Equals(piece, s_quotes) | Vector128.Equals(piece, s_backslashes)).ExtractMostSignificantBits();
            if (found != 0)
            {
                return at + BitOperations.TrailingZeroCount(found);
            }
        }

        for (; at < text.Length && text[at] is not ((byte)'"' or (byte)'\\'); at++)
        {
            result[at] = text[at];
        }

        return at;
    }
}
