using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using RiskMonitor.Alerting.Endpoints;
using RiskMonitor.Settings;

namespace RiskMonitor.Alerting.Notices;

/// <summary>Where notices to the operator are posted, beside the log (<c>Notices:…</c>).</summary>
public sealed class NoticeOptions : IValidatableObject
{
    public const string Section = "Notices";

    /// <summary>The operator's webhook, http or https; null: notices are in the log only. A user and password in it are sent as Basic credentials.</summary>
    public string? Url { get; set; }

    /// <summary><c>whsec_</c> and the base64 of 24 to 64 random bytes; needed as soon as there is an address.</summary>
    public string? Secret { get; set; }

    /// <summary>While a secret is being rotated, the one before: messages then carry a signature by each.</summary>
    public string? PreviousSecret { get; set; }

    /// <summary>How long the receiver may take to answer.</summary>
    [Bounds(Above = "00:00:00", Max = "00:01:00", Usual = "00:00:10")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The first notice of an event goes at once; what comes within this time after it goes together.</summary>
    [Bounds(Min = "00:00:00", Max = "01:00:00", Usual = "00:01:00")]
    public TimeSpan GatherWithin { get; set; } = TimeSpan.FromMinutes(1);

    internal bool IsOn => !string.IsNullOrEmpty(Url);

    /// <summary>The same as an endpoint of kind webhook.</summary>
    internal EndpointOptions AsEndpoint() => new() { Name = "notices", Url = Url, Secret = Secret, PreviousSecret = PreviousSecret, Timeout = Timeout };

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var problems = new OptionProblems(Section);
        if (IsOn && Webhooks.WebhookEndpoint.Read(Url!, out var problem) is null)
        {
            problems.Add(nameof(Url), problem!);
        }

        EndpointOptionsCheck.CheckSecret(Secret, IsOn, nameof(Secret), problems);
        EndpointOptionsCheck.CheckSecret(PreviousSecret, false, nameof(PreviousSecret), problems);
        return problems.Results();
    }
}

[OptionsValidator]
internal sealed partial class NoticeOptionsValidator : IValidateOptions<NoticeOptions>;
