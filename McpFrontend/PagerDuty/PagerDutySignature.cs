using System.Security.Cryptography;
using System.Text;

namespace RiskMonitor.McpFrontend.PagerDuty;

/// <summary>Signatures of PagerDuty's Webhooks v3: <c>v1=</c> and the hex HMAC-SHA256 of the body, one for each secret, with commas between them.</summary>
internal static class PagerDutySignature
{
    public const string Header = "X-PagerDuty-Signature";

    private const string Version = "v1=";

    /// <summary>More signatures than PagerDuty sends while secrets are rotated are no message of PagerDuty's.</summary>
    private const int MostSignatures = 10;

    /// <summary>Whether one of the secrets made one of the signatures.</summary>
    public static bool IsGenuine(string? header, ReadOnlySpan<byte> body, IReadOnlyList<string> secrets)
    {
        var offered = (header ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(signature => signature.StartsWith(Version, StringComparison.Ordinal))
            .Take(MostSignatures)
            .Select(signature => Encoding.ASCII.GetBytes(signature[Version.Length..].ToLowerInvariant()))
            .ToList();
        var isGenuine = false;
        foreach (var secret in secrets)
        {
            var expected = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body)));
            foreach (var signature in offered)
            {
                isGenuine |= CryptographicOperations.FixedTimeEquals(signature, expected);
            }
        }

        return isGenuine;
    }
}
