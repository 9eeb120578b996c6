using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RiskMonitor.Alerting.Endpoints;

/// <summary>The certificates of an endpoint: ours, by which the receiver knows us, and the authority that must have signed the receiver's.</summary>
internal static class ClientCertificate
{
    private const string Begin = "-----BEGIN ";

    public static bool IsPem(string text) => text.Contains(Begin, StringComparison.Ordinal);

    /// <summary>PEM text as it is given, or from the file that is named.</summary>
    public static string Text(string pemOrPath) => IsPem(pemOrPath) ? pemOrPath : File.ReadAllText(pemOrPath);

    /// <summary>Changes when a file that is named does.</summary>
    public static long StampOf(EndpointOptions options) => new[] { options.ClientCertificate, options.ClientKey, options.CaCertificate }
        .Where(given => !string.IsNullOrEmpty(given) && !IsPem(given))
        .Sum(path => File.GetLastWriteTimeUtc(path!).Ticks % int.MaxValue);

    /// <summary>The options say something about certificates.</summary>
    public static bool IsGiven(EndpointOptions options) => !string.IsNullOrEmpty(options.ClientCertificate) || !string.IsNullOrEmpty(options.CaCertificate);

    /// <summary>What to say to a receiver, by the options; null where they say nothing about certificates.</summary>
    /// <exception cref="CryptographicException">What is given is no certificate, or the key is of another one.</exception>
    /// <exception cref="IOException">A file that is named cannot be read.</exception>
    public static SslClientAuthenticationOptions? Of(EndpointOptions options)
    {
        if (!IsGiven(options))
        {
            return null;
        }

        var ssl = new SslClientAuthenticationOptions();
        if (!string.IsNullOrEmpty(options.ClientCertificate))
        {
            var (certificate, key) = (Text(options.ClientCertificate), Text(string.IsNullOrEmpty(options.ClientKey) ? options.ClientCertificate : options.ClientKey));
            var intermediates = new X509Certificate2Collection();
            intermediates.ImportFromPem(certificate);
            ssl.ClientCertificateContext = SslStreamCertificateContext.Create(X509Certificate2.CreateFromPem(certificate, key), intermediates, offline: true);
        }

        if (!string.IsNullOrEmpty(options.CaCertificate))
        {
            ssl.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            ssl.CertificateChainPolicy.CustomTrustStore.ImportFromPem(Text(options.CaCertificate));
            if (ssl.CertificateChainPolicy.CustomTrustStore.Count == 0)
            {
                throw new CryptographicException("there is no certificate in it");
            }
        }

        return ssl;
    }
}
