namespace RiskMonitor.Alerting.Webhooks;

/// <summary>Where alerts are delivered, and how they are signed (<c>Webhook:…</c>).</summary>
public sealed class WebhookOptions
{
    public const string Section = "Webhook";

    /// <summary>
    /// The risk manager's endpoint, http or https; null: alerts stay pending until there is one. A user and password in it are sent as Basic
    /// credentials.
    /// </summary>
    public string? Url { get; set; }

    /// <summary><c>whsec_</c> and the base64 of 24 to 64 random bytes; needed as soon as there is an endpoint.</summary>
    public string? Secret { get; set; }

    /// <summary>While a secret is being rotated, the one before: messages then carry a signature by each.</summary>
    public string? PreviousSecret { get; set; }

    /// <summary>How long the receiver may take to answer.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Messages on their way at a time; more wait their turn.</summary>
    public int MaxConcurrency { get; set; } = 32;
}
