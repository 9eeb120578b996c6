using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using RiskMonitor.Alerting.Endpoints;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Settings;

namespace RiskMonitor.Alerting.Webhooks;

/// <summary>Where alerts are delivered, and how they are signed (<c>Webhook:…</c>).</summary>
public sealed class WebhookOptions : IValidatableObject
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
    [Bounds(Above = "00:00:00", Max = "00:05:00", Usual = "00:00:10")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Messages on their way at a time; more wait their turn.</summary>
    [Bounds(Min = "1", Usual = "32")]
    public int MaxConcurrency { get; set; } = 32;

    /// <summary>The same as an entry of <c>Alerting:Endpoints</c>: it takes every message, and the alert counts as delivered when it has it.</summary>
    internal EndpointOptions AsEndpoint() => new()
    {
        Name = EndpointRoute.DefaultEndpoint,
        Url = Url,
        Secret = Secret,
        PreviousSecret = PreviousSecret,
        Timeout = Timeout,
        MaxConcurrency = MaxConcurrency,
    };

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var problems = new OptionProblems(Section);
        if (!string.IsNullOrEmpty(Url))
        {
            if (WebhookEndpoint.Read(Url, out var problem) is null)
            {
                problems.Add(nameof(Url), problem!);
            }

            if (string.IsNullOrEmpty(Secret))
            {
                problems.Add(nameof(Secret), $"is not set; an endpoint needs one: {StandardWebhook.SecretPrefix} followed by the base64 of 24 to 64 random bytes");
            }
        }

        CheckSecret(nameof(Secret), Secret);
        CheckSecret(nameof(PreviousSecret), PreviousSecret);
        return problems.Results();

        void CheckSecret(string key, string? secret)
        {
            if (!string.IsNullOrEmpty(secret) && StandardWebhook.KeyOf(secret) is null)
            {
                // The value is not repeated because errors end in logs.
                problems.Add(key, $"is not a webhook secret (its value is not shown); it must be {StandardWebhook.SecretPrefix} followed by the base64 of 24 to 64 random bytes");
            }
        }
    }
}

[OptionsValidator]
internal sealed partial class WebhookOptionsValidator : IValidateOptions<WebhookOptions>;
