using System.Security.Cryptography.X509Certificates;
using Orleans.Connections.Security;

namespace RiskMonitor.Silo.Clustering;

/// <summary>
/// The certificates of a process of the cluster. A peer is trusted when its certificate was issued by the cluster's own authority; names are not
/// compared, because silos come and go and the authority signs for this cluster alone.
/// </summary>
internal sealed class ClusterTls
{
    private readonly X509Certificate2 _own;
    private readonly X509Certificate2Collection _authorities;

    private ClusterTls(X509Certificate2 own, X509Certificate2Collection authorities)
    {
        _own = own;
        _authorities = authorities;
    }

    /// <exception cref="InvalidOperationException">A file cannot be read as what it should be; the message names the key and the file.</exception>
    public static ClusterTls Load(OrleansTlsOptions options)
    {
        var own = Read(
            $"{nameof(options.CertificatePath)} '{options.CertificatePath}' and {nameof(options.KeyPath)} '{options.KeyPath}'",
            "give a certificate and its private key in PEM",
            () => X509Certificate2.CreateFromPemFile(options.CertificatePath, options.KeyPath));
        var authorities = Read(
            $"{nameof(options.CaPath)} '{options.CaPath}'",
            "give the certificate of the authority in PEM",
            () =>
            {
                var all = new X509Certificate2Collection();
                all.ImportFromPemFile(options.CaPath);
                return all.Count > 0 ? all : throw new InvalidOperationException("it holds no certificate");
            });
        return new ClusterTls(own, authorities);
    }

    /// <summary>For silos and clients alike: both sides show a certificate.</summary>
    public void Configure(TlsOptions tls)
    {
        tls.LocalCertificate = _own;
        tls.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
        tls.ClientCertificateMode = RemoteCertificateMode.RequireCertificate;
        tls.RemoteCertificateValidation = (certificate, _, _) => IsOfThisCluster(certificate);
        tls.OnAuthenticateAsClient = (_, authentication) => authentication.TargetHost = "riskmonitor";
        // No list of revoked certificates is published for a cluster's own authority: rotate the authority instead.
        tls.CheckCertificateRevocation = false;
    }

    internal bool IsOfThisCluster(X509Certificate2? certificate)
    {
        if (certificate is null)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        return chain.Build(certificate);
    }

    private static T Read<T>(string what, string remedy, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"{OrleansOptions.Section}:Tls:{what} cannot be read ({exception.Message}); {remedy}", exception);
        }
    }
}
