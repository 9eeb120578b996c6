using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RiskMonitor.Risk.Evidence;

namespace RiskMonitor.Storage.Evidence;

/// <summary>The keys of the chains of evidence (<c>Evidence:…</c>). All processes and commands need the same.</summary>
public sealed class EvidenceOptions : IValidatableObject
{
    public const string Section = "Evidence";

    /// <summary>The base64 of 32 random bytes or more; null: the hashes have no key.</summary>
    public string? Key { get; set; }

    /// <summary>Keys of chains that were written before.</summary>
    public string[] PreviousKeys { get; set; } = [];

    public EvidenceKeys ToKeys() => new(string.IsNullOrEmpty(Key) ? null : EvidenceKeys.Parse(Key), PreviousKeys.Select(EvidenceKeys.Parse).OfType<byte[]>());

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!string.IsNullOrEmpty(Key) && EvidenceKeys.Parse(Key) is null)
        {
            yield return Wrong(nameof(Key));
        }

        foreach (var (i, key) in PreviousKeys.Index())
        {
            if (EvidenceKeys.Parse(key) is null)
            {
                yield return Wrong($"{nameof(PreviousKeys)}:{i}");
            }
        }

        // The value is not repeated because errors end in logs.
        static ValidationResult Wrong(string key) =>
            new($"{Section}:{key} is no key (its value is not shown); set the base64 of 32 random bytes or more, such as openssl rand -base64 32 prints");
    }
}

[OptionsValidator]
internal sealed partial class EvidenceOptionsValidator : IValidateOptions<EvidenceOptions>;

/// <summary>Registers the keys of the chains of evidence.</summary>
public static class EvidenceServices
{
    /// <summary>For hosts and commands alike: what writes or checks evidence needs its key.</summary>
    public static IServiceCollection AddEvidenceKeys(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IValidateOptions<EvidenceOptions>, EvidenceOptionsValidator>();
        services.AddOptions<EvidenceOptions>().Bind(configuration.GetSection(EvidenceOptions.Section)).ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<EvidenceOptions>>().Value.ToKeys());
        return services;
    }
}
