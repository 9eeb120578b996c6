using k8s;
using k8s.Models;

namespace RiskMonitor.Deploy.Tests.Manifests;

/// <summary>Of cert-manager: who signs. Fields that are not here are refused, as everywhere.</summary>
internal sealed class CertificateIssuer : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public V1ObjectMeta Metadata { get; set; } = new();

    public CertificateIssuerSpec Spec { get; set; } = new();
}

internal sealed class CertificateIssuerSpec
{
    public Dictionary<string, string>? SelfSigned { get; set; }

    public CertificateAuthority? Ca { get; set; }
}

internal sealed class CertificateAuthority
{
    public string SecretName { get; set; } = "";
}

/// <summary>Of cert-manager: a certificate that is made and renewed in a Secret.</summary>
internal sealed class IssuedCertificate : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public V1ObjectMeta Metadata { get; set; } = new();

    public IssuedCertificateSpec Spec { get; set; } = new();
}

internal sealed class IssuedCertificateSpec
{
    public string SecretName { get; set; } = "";

    public string CommonName { get; set; } = "";

    public bool IsCA { get; set; }

    public IList<string> DnsNames { get; set; } = [];

    public IList<string> Usages { get; set; } = [];

    public string Duration { get; set; } = "";

    public string RenewBefore { get; set; } = "";

    public CertificateKey PrivateKey { get; set; } = new();

    public CertificateIssuerName IssuerRef { get; set; } = new();
}

internal sealed class CertificateKey
{
    public string Algorithm { get; set; } = "";

    public int Size { get; set; }

    public string RotationPolicy { get; set; } = "";
}

internal sealed class CertificateIssuerName
{
    public string Name { get; set; } = "";

    public string Kind { get; set; } = "Issuer";
}
