using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using RiskMonitor.Settings;

namespace RiskMonitor.McpFrontend.PagerDuty;

/// <summary>Webhook subscriptions of PagerDuty, by which acknowledgements made there come back (<c>PagerDuty:…</c>).</summary>
public sealed class PagerDutyOptions : IValidatableObject
{
    public const string Section = "PagerDuty";

    public PagerDutyReceiver[] Receivers { get; set; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var problems = new OptionProblems(Section);
        foreach (var (i, receiver) in Receivers.Index())
        {
            problems.Require(
                receiver.Endpoint.Length > 0 && Array.FindIndex(Receivers, other => other.Endpoint == receiver.Endpoint) == i,
                $"{nameof(Receivers)}:{i}:{nameof(receiver.Endpoint)}",
                $"'{receiver.Endpoint}'",
                "set the name of the endpoint of kind pagerduty whose incidents come back, each once");
            problems.Require(receiver.Secrets.Length > 0, $"{nameof(Receivers)}:{i}:{nameof(receiver.Secrets)}", "empty", "set the secret that PagerDuty shows when the webhook subscription is made");
            foreach (var (j, secret) in receiver.Secrets.Index())
            {
                if (secret.Length < PagerDutyReceiver.LeastSecretChars)
                {
                    // The value is not repeated because errors end in logs.
                    problems.Add($"{nameof(Receivers)}:{i}:{nameof(receiver.Secrets)}:{j}", $"is no secret (its value is not shown); set the one that PagerDuty shows when the webhook subscription is made, {PagerDutyReceiver.LeastSecretChars} characters or more");
                }
            }
        }

        return problems.Results();
    }
}

/// <summary>One webhook subscription.</summary>
public sealed class PagerDutyReceiver
{
    internal const int LeastSecretChars = 16;

    /// <summary>The endpoint of kind pagerduty whose incidents it reports; also the last part of the address that PagerDuty posts to.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>Any of them may have signed; two while a subscription is replaced.</summary>
    public string[] Secrets { get; set; } = [];
}

[OptionsValidator]
internal sealed partial class PagerDutyOptionsValidator : IValidateOptions<PagerDutyOptions>;
