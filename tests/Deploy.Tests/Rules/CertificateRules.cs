using RiskMonitor.Deploy.Tests.Manifests;

namespace RiskMonitor.Deploy.Tests.Rules;

/// <summary>Certificates between silos and clients: of an authority of their own, for both sides of a connection, renewed long before they end.</summary>
internal static class CertificateRules
{
    public static IEnumerable<string> ProblemsOf(ManifestSet set)
    {
        foreach (var certificate in set.Of<IssuedCertificate>())
        {
            var name = $"Certificate {certificate.Metadata.Name}";
            if (certificate.Spec.IssuerRef.Kind != "Issuer" || set.Find<CertificateIssuer>(certificate.Spec.IssuerRef.Name) is not { } issuer)
            {
                yield return $"{name}: is not signed by an authority of this cluster alone";
                continue;
            }

            if (issuer.Spec.Ca is { } authority && !set.Of<IssuedCertificate>().Any(signer => signer.Spec.IsCA && signer.Spec.SecretName == authority.SecretName))
            {
                yield return $"{name}: nothing makes the authority {authority.SecretName}";
            }

            if (!certificate.Spec.IsCA && !((string[])["server auth", "client auth"]).All(certificate.Spec.Usages.Contains))
            {
                yield return $"{name}: is not for both sides of a connection";
            }

            if (!certificate.Spec.IsCA && (issuer.Spec.Ca is null || !SecretRules.Known.ContainsKey(certificate.Spec.SecretName)))
            {
                yield return $"{name}: signs itself, or is in a Secret that nobody mounts";
            }

            if (!certificate.Spec.IsCA && !(Hours(certificate.Spec.RenewBefore) >= 24 * 14 && Hours(certificate.Spec.RenewBefore) < Hours(certificate.Spec.Duration)))
            {
                yield return $"{name}: is renewed less than two weeks before it ends, when the alarm rings already, or all the time";
            }
        }
    }

    private static int Hours(string duration) => duration.EndsWith('h') && int.TryParse(duration.AsSpan(0, duration.Length - 1), provider: null, out var hours) ? hours : 0;
}
