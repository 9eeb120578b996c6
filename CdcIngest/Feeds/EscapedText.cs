using System.Numerics;
using System.Runtime.Intrinsics;

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
