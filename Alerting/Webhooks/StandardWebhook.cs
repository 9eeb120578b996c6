using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Alerting.Webhooks;

/// <summary>Signatures of Standard Webhooks 1.0 (github.com/standard-webhooks/standard-webhooks, symmetric scheme <c>v1</c>).</summary>
public static class StandardWebhook
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";
    public const string SecretPrefix = WebhookSecret.Prefix;

    /// <summary>How far a message's timestamp may lie from the receiver's clock, either way: older ones may be replays.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private const string Version = "v1,";
    private const int LeastKeyBytes = 24;
    private const int MostKeyBytes = 64;

    /// <summary>A new secret of 32 random bytes.</summary>
    public static string NewSecret() => WebhookSecret.New();

    /// <summary>The value of <see cref="SignatureHeader"/>: one signature per secret, separated by spaces.</summary>
    /// <exception cref="ArgumentException">A secret is not <c>whsec_</c> and the base64 of 24 to 64 bytes.</exception>
    public static string Sign(string id, DateTimeOffset timestamp, ReadOnlySpan<byte> body, params ReadOnlySpan<string> secrets)
    {
        var signatures = new string[secrets.Length];
        for (var i = 0; i < secrets.Length; i++)
        {
            signatures[i] = Version + Convert.ToBase64String(Mac(id, Timestamp(timestamp), body, secrets[i]));
        }

        return string.Join(' ', signatures);
    }

    /// <summary>Checks a message as received, by its headers' values.</summary>
    /// <returns>Null when it is genuine and fresh; else what is wrong with it.</returns>
    /// <exception cref="ArgumentException">The secret is not <c>whsec_</c> and the base64 of 24 to 64 bytes.</exception>
    public static string? Verify(string? id, string? timestamp, string? signatures, ReadOnlySpan<byte> body, string secret, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(id) || string.IsNullOrEmpty(timestamp) || string.IsNullOrEmpty(signatures))
        {
            return $"one of the headers {IdHeader}, {TimestampHeader} and {SignatureHeader} is missing";
        }

        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds())
        {
            return $"{TimestampHeader} is not a number of seconds since 1970";
        }

        if ((now - DateTimeOffset.FromUnixTimeSeconds(seconds)).Duration() > Tolerance)
        {
            return $"{TimestampHeader} lies more than {Tolerance.TotalMinutes:0} minutes from now";
        }

        // The header's own text is signed: a timestamp written in another way is another message.
        var expected = Mac(id, timestamp, body, secret);
        Span<byte> offered = stackalloc byte[HMACSHA256.HashSizeInBytes];
        foreach (var range in signatures.AsSpan().Split(' '))
        {
            var signature = signatures.AsSpan()[range];
            if (signature.StartsWith(Version, StringComparison.Ordinal)
                && Convert.TryFromBase64Chars(signature[Version.Length..], offered, out var length)
                && length == expected.Length
                && CryptographicOperations.FixedTimeEquals(offered, expected))
            {
                return null;
            }
        }

        return $"{SignatureHeader} has no {Version[..^1]} signature by this secret over this message";
    }

    internal static string Timestamp(DateTimeOffset at) => at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    /// <returns>Null for what is no secret.</returns>
    internal static byte[]? KeyOf(string secret)
    {
        if (!secret.StartsWith(SecretPrefix, StringComparison.Ordinal))
        {
            return null;
        }

        Span<byte> key = stackalloc byte[MostKeyBytes];
        return Convert.TryFromBase64Chars(secret.AsSpan(SecretPrefix.Length), key, out var length) && length >= LeastKeyBytes
            ? key[..length].ToArray()
            : null;
    }

    private static byte[] Mac(string id, string timestamp, ReadOnlySpan<byte> body, string secret)
    {
        var key = KeyOf(secret)
            ?? throw new ArgumentException($"a webhook secret is {SecretPrefix} followed by the base64 of {LeastKeyBytes} to {MostKeyBytes} random bytes", nameof(secret));
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        mac.AppendData(Encoding.UTF8.GetBytes($"{id}.{timestamp}."));
        mac.AppendData(body);
        return mac.GetHashAndReset();
    }
}
