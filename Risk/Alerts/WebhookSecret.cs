using System.Security.Cryptography;

namespace RiskMonitor.Risk.Alerts;

/// <summary>Secrets of webhooks, as the signatures of Standard Webhooks need them.</summary>
public static class WebhookSecret
{
    /// <summary>What each begins with; the base64 of its bytes follows.</summary>
    public const string Prefix = "whsec_";

    /// <summary>A new one of 32 random bytes.</summary>
    public static string New() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
}
