using System.IO.Hashing;
using RiskMonitor.CdcIngest.Feeds;

namespace RiskMonitor.CdcIngest.Pipeline;

/// <summary>
/// One number by which two messages are compared. It is stored with the offsets, so that it depends on nothing but the bytes. It protects against
/// mistakes and not against forgers.
/// </summary>
internal static class MessageFingerprint
{
    public static long Of(in FeedMessage message)
    {
        if (message.Change is { } change)
        {
            return change.Fingerprint;
        }

        // The key's number seeds that of the value: bytes that move from one to the other change the result.
        var key = XxHash3.HashToUInt64(message.Key.Span, message.HasValue ? 1 : 2);
        return (long)XxHash3.HashToUInt64(message.Value.Span, (long)key);
    }

    /// <summary>The fingerprint of a sequence of parts: <paramref name="before"/> is that of all parts before this one.</summary>
    public static long After(long before, ReadOnlySpan<byte> part) => (long)XxHash3.HashToUInt64(part, before);
}
