using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using RiskMonitor.Settings;

namespace RiskMonitor.Alerting.Sealing;

/// <summary>With which key the settings of endpoints that are set at run time are stored (<c>EndpointSettings:…</c>). All silos and frontends need the same.</summary>
public sealed class EndpointSettingsOptions : IValidatableObject
{
    public const string Section = "EndpointSettings";

    /// <summary>The base64 of 32 random bytes; null: settings are stored as they are.</summary>
    public string? Key { get; set; }

    /// <summary>While a key is replaced, the one before: what it sealed is opened, and sealed by the new one.</summary>
    public string? PreviousKey { get; set; }

    internal SettingsSeal ToSeal() => new([.. new[] { Key, PreviousKey }.Where(key => !string.IsNullOrEmpty(key)).Select(key => SettingsSeal.KeyOf(key!)!)]);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var problems = new OptionProblems(Section);
        CheckKey(nameof(Key), Key);
        CheckKey(nameof(PreviousKey), PreviousKey);
        if (string.IsNullOrEmpty(Key) && !string.IsNullOrEmpty(PreviousKey))
        {
            problems.Add(nameof(Key), $"is not set although {Section}:{nameof(PreviousKey)} is; settings are sealed by {nameof(Key)}, so keep the one that they are sealed with there");
        }

        return problems.Results();

        void CheckKey(string name, string? key)
        {
            if (!string.IsNullOrEmpty(key) && SettingsSeal.KeyOf(key) is null)
            {
                // The value is not repeated because errors end in logs.
                problems.Add(name, "is no key (its value is not shown); set the base64 of 32 random bytes, such as openssl rand -base64 32 prints");
            }
        }
    }
}

[OptionsValidator]
internal sealed partial class EndpointSettingsOptionsValidator : IValidateOptions<EndpointSettingsOptions>;
