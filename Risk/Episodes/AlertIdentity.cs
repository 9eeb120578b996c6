using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using RiskMonitor.Risk.Limits;

namespace RiskMonitor.Risk.Episodes;

/// <summary>Names derived from what they name, so that a repeated computation gives the same one. UUID version 5 (RFC 9562, section 5.5).</summary>
public static class AlertIdentity
{
    /// <summary>The namespace of all identifiers of this product.</summary>
    private static readonly Guid s_namespace = new("6f1c2f0e-5d0b-5c8e-9a4e-7b1f3d2c9a10");

    private static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The alert of an episode: UUIDv5 over the JSON array [desk, metric, horizon, profile, episode].</summary>
    public static Guid AlertId(string desk, EpisodeKey key, int episode) =>
        Named(JsonSerializer.Serialize<object[]>([desk, key.Metric.Name(), key.Horizon, key.Profile, episode], s_plain));

    /// <summary>One delivery of an alert; the same over its retries.</summary>
    public static string DeliveryId(Guid alertId, int ordinal) =>
        $"dlv_{Named(string.Create(CultureInfo.InvariantCulture, $"delivery/{alertId:D}/{ordinal}")):N}";

    /// <summary>The same delivery at a further endpoint.</summary>
    public static string DeliveryId(Guid alertId, int ordinal, string endpoint) =>
        $"dlv_{Named(string.Create(CultureInfo.InvariantCulture, $"delivery/{alertId:D}/{ordinal}/{endpoint}")):N}";

    /// <summary>The request id of an alert: derived from the cause, so that the same cause leads to the same one.</summary>
    public static string RequestId(string desk, BreachCause cause) => $"req_{Named($"cause/{CauseText(desk, cause)}"):N}";

    /// <summary>A W3C trace id (32 hex digits) derived from the cause.</summary>
    public static string TraceId(string desk, BreachCause cause) => Named($"trace/{CauseText(desk, cause)}").ToString("N");

    public static Guid Named(string name)
    {
        var input = new byte[16 + Encoding.UTF8.GetByteCount(name)];
        s_namespace.TryWriteBytes(input, bigEndian: true, out _);
        Encoding.UTF8.GetBytes(name, input.AsSpan(16));
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData(input, hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }

    /// <summary>
    /// A delivery says it all. The position id is left out: ids are shown to those who may not see positions, who could otherwise try position
    /// ids until one gives the same hash.
    /// </summary>
    private static string CauseText(string desk, BreachCause cause) =>
        JsonSerializer.Serialize<object?[]>(
            [desk, cause.Kind.ToString(), cause.Delivery?.ToString(), cause.Delivery is null ? cause.IngestedAt : null], s_plain);
}
