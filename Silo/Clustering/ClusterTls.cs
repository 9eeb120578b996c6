using System.Security.Cryptography.X509Certificates;
using Orleans.Connections.Security;

namespace RiskMonitor.Silo.Clustering;

/// <summary>
/// The certificates of a process of the cluster. A peer is trusted when its certificate was issued by the cluster's own authority; names are not
/// compared, because silos come and go and the authority signs for this cluster alone.
/// </summary>
internal sealed class ClusterTls
{
    private readonly OrleansTlsOptions _files;
    private volatile Certificates _current;

    private ClusterTls(OrleansTlsOptions files)
    {
        _files = files;
        _current = Parse(ReadTexts());
    }

    /// <summary>When the certificate ends that peers are shown.</summary>
    public DateTimeOffset EndsAt => new(_current.Own.NotAfter.ToUniversalTime());

    /// <exception cref="InvalidOperationException">A file cannot be read as what it should be; the message names the key and the file.</exception>
    public static ClusterTls Load(OrleansTlsOptions options) => new(options);

    /// <summary>Reads the files again. Connections that are open stay as they are; the next ones show and accept what the files have now.</summary>
    /// <returns>Whether they have changed.</returns>
    /// <exception cref="InvalidOperationException">As for <see cref="Load"/>; what was read before stays in use.</exception>
    public bool Reload()
    {
        var texts = ReadTexts();
        if (texts == _current.Texts)
        {
            return false;
        }

        _current = Parse(texts);
        return true;
    }

    /// <summary>For silos and clients alike: both sides show a certificate.</summary>
    public void Configure(TlsOptions tls)
    {
        // Orleans wants to see one before it starts; each connection asks for the one that is current.
        tls.LocalCertificate = _current.Own;
        tls.LocalServerCertificateSelector = (_, _) => _current.Own;
        tls.LocalClientCertificateSelector = (_, _, _, _, _) => _current.Own;
        tls.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
        tls.ClientCertificateMode = RemoteCertificateMode.RequireCertificate;
        tls.RemoteCertificateValidation = (certificate, _, _) => IsOfThisCluster(certificate);
        tls.OnAuthenticateAsClient = (_, authentication) => authentication.TargetHost = "riskmonitor";
        // No list of revoked certificates is published for a cluster's own authority: rotate the authority instead.
        tls.CheckCertificateRevocation = false;
    }

    /// <summary>While an authority is replaced there are two, often of one name, of which a chain would try the first only: each is tried by itself.</summary>
    internal bool IsOfThisCluster(X509Certificate2? certificate)
    {
        var authorities = _current.Authorities;
        return certificate is not null && authorities.Any(authority => IsIssuedBy(authority, authorities.Where(other => !IsRoot(other)), certificate));
    }

    private static bool IsRoot(X509Certificate2 authority) => authority.SubjectName.RawData.AsSpan().SequenceEqual(authority.IssuerName.RawData);

    private static bool IsIssuedBy(X509Certificate2 authority, IEnumerable<X509Certificate2> between, X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.ExtraStore.AddRange(between.ToArray());
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        return chain.Build(certificate);
    }

    private Texts ReadTexts() => new(
        Read(nameof(_files.CertificatePath), _files.CertificatePath), Read(nameof(_files.KeyPath), _files.KeyPath), Read(nameof(_files.CaPath), _files.CaPath));

    private Certificates Parse(Texts texts)
    {
        var own = Try(
            $"{nameof(_files.CertificatePath)} '{_files.CertificatePath}' and {nameof(_files.KeyPath)} '{_files.KeyPath}'",
            "give a certificate and its private key in PEM",
            () => X509Certificate2.CreateFromPem(texts.Certificate, texts.Key));
        var authorities = Try(
            $"{nameof(_files.CaPath)} '{_files.CaPath}'",
            "give the certificate of the authority in PEM",
            () =>
            {
                var all = new X509Certificate2Collection();
                all.ImportFromPem(texts.Authorities);
                return all.Count > 0 ? all : throw new InvalidOperationException("it holds no certificate");
            });
        return new Certificates(texts, own, authorities);
    }

    private static string Read(string key, string path) => Try($"{key} '{path}'", "give the path of a PEM file that this process can read", () => File.ReadAllText(path));

    private static T Try<T>(string what, string remedy, Func<T> read)
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

    private sealed record Texts(string Certificate, string Key, string Authorities);

    private sealed record Certificates(Texts Texts, X509Certificate2 Own, X509Certificate2Collection Authorities);
}
