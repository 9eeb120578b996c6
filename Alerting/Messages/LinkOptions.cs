using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Settings;

namespace RiskMonitor.Alerting.Messages;

/// <summary>Links in messages for people (<c>Links:…</c>). Silos sign them and frontends check them, so all processes need the same values.</summary>
public sealed class LinkOptions : IValidatableObject
{
    public const string Section = "Links";

    /// <summary>How people's browsers reach a frontend, such as <c>https://risk.example.com</c>; null: messages carry no links.</summary>
    public string? PublicUrl { get; set; }

    /// <summary>The base64 of 32 or more random bytes that sign links; null: messages carry no acknowledge links, and pages need credentials.</summary>
    public string? Secret { get; set; }

    /// <summary>How long a link works, counted from its message.</summary>
    [Bounds(Min = "00:01:00", Max = "90.00:00:00", Usual = "3.00:00:00")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromDays(3);

    public AlertLinks ToLinks() => new(
        string.IsNullOrEmpty(PublicUrl) ? null : new Uri(PublicUrl), string.IsNullOrEmpty(Secret) ? null : KeyOf(Secret), Lifetime);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var problems = new OptionProblems(Section);
        if (!string.IsNullOrEmpty(PublicUrl))
        {
            problems.Require(
                Uri.TryCreate(PublicUrl, UriKind.Absolute, out var url)
                    && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp) && url is { UserInfo.Length: 0, Query.Length: 0, Fragment.Length: 0 },
                nameof(PublicUrl),
                $"'{PublicUrl}'",
                "set the absolute http or https address of the frontend, such as https://risk.example.com, without user, query or fragment");
        }

        if (!string.IsNullOrEmpty(Secret))
        {
            if (KeyOf(Secret) is null)
            {
                problems.Add(nameof(Secret), $"is no secret (its value is not shown); set the base64 of {AlertLinks.LeastKeyBytes} or more random bytes, such as openssl rand -base64 32 prints");
            }

            if (string.IsNullOrEmpty(PublicUrl))
            {
                problems.Add(nameof(PublicUrl), $"is not set although {Section}:{nameof(Secret)} is; links need the address by which browsers reach a frontend");
            }
        }

        return problems.Results();
    }

    private static byte[]? KeyOf(string secret)
    {
        var key = new byte[secret.Length];
        return Convert.TryFromBase64String(secret, key, out var length) && length >= AlertLinks.LeastKeyBytes ? key[..length] : null;
    }
}

[OptionsValidator]
internal sealed partial class LinkOptionsValidator : IValidateOptions<LinkOptions>;
