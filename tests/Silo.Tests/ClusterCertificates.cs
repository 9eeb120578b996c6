using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using RiskMonitor.Silo.Clustering;

namespace RiskMonitor.Silo.Tests;

/// <summary>An authority and what it signs, as PEM files in a directory of their own.</summary>
internal sealed class ClusterCertificates : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("riskmonitor-tls-");
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _authority;

    public ClusterCertificates()
    {
        var request = new CertificateRequest("CN=cluster authority", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        _authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
    }

    /// <summary>The configuration of a process whose certificate this authority has signed, and which trusts this authority.</summary>
    /// <param name="until">When the certificate ends, in days from now.</param>
    public OrleansTlsOptions Issue(string name, int until = 10)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        using var certificate = request.Create(_authority, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(until), RandomNumberGenerator.GetBytes(8));
        return new OrleansTlsOptions
        {
            CertificatePath = Write($"{name}.pem", certificate.ExportCertificatePem()),
            KeyPath = Write($"{name}.key", key.ExportPkcs8PrivateKeyPem()),
            CaPath = Write("ca.pem", _authority.ExportCertificatePem()),
        };
    }

    public void Dispose()
    {
        _authority.Dispose();
        _key.Dispose();
        _directory.Delete(recursive: true);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_directory.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
