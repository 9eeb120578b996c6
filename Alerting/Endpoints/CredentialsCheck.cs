using System.Security.Cryptography;
using RiskMonitor.Settings;

namespace RiskMonitor.Alerting.Endpoints;

/// <summary>What is wrong with the credentials and certificates of a webhook. Secrets are never repeated, because errors end in logs.</summary>
internal static class CredentialsCheck
{
    public static void Check(EndpointOptions endpoint, string at, OptionProblems problems)
    {
        var url = Uri.TryCreate(endpoint.Url, UriKind.Absolute, out var read) ? read : null;
        var (hasUser, hasPassword) = (!string.IsNullOrEmpty(endpoint.User), !string.IsNullOrEmpty(endpoint.Password));
        if (hasPassword && !hasUser)
        {
            problems.Add($"{at}:User", "is not set although Password is; Basic credentials need both");
        }

        if (hasUser && (endpoint.User!.Contains(':', StringComparison.Ordinal) || $"{endpoint.User}{endpoint.Password}".Any(char.IsControl)))
        {
            problems.Add($"{at}:User", "is a name, or has a password, that Basic credentials cannot carry; leave out colons in the name, and control characters");
        }

        if (hasUser && url?.UserInfo is { Length: > 0 })
        {
            problems.Add($"{at}:User", "is set, and the address has a user, too; leave one out");
        }

        if (!string.IsNullOrEmpty(endpoint.ClientKey) && string.IsNullOrEmpty(endpoint.ClientCertificate))
        {
            problems.Add($"{at}:ClientCertificate", "is not set although ClientKey is; set the certificate of that key");
        }

        CheckCertificates(endpoint, url, at, problems);
    }

    private static void CheckCertificates(EndpointOptions endpoint, Uri? url, string at, OptionProblems problems)
    {
        if (!ClientCertificate.IsGiven(endpoint))
        {
            return;
        }

        problems.Require(url is null || url.Scheme == Uri.UriSchemeHttps, $"{at}:Url", $"'{url?.Scheme}'", "set an https address; certificates have no effect on another");
        try
        {
            ClientCertificate.Of(endpoint);
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            var key = string.IsNullOrEmpty(endpoint.ClientCertificate) ? "CaCertificate" : "ClientCertificate";
            problems.Add($"{at}:{key}", $"cannot be used ({exception.GetType().Name}); set PEM text, or the name of a file of it that this process can read, with the key without a password (ClientKey)");
        }
    }

    /// <summary>Whoever sets an endpoint at run time must not choose files of this machine.</summary>
    public static void DemandPem(EndpointOptions endpoint, string at, OptionProblems problems)
    {
        foreach (var (key, given) in new[]
        {
            ("ClientCertificate", endpoint.ClientCertificate), ("ClientKey", endpoint.ClientKey), ("CaCertificate", endpoint.CaCertificate),
        })
        {
            if (!string.IsNullOrEmpty(given) && !ClientCertificate.IsPem(given))
            {
                problems.Add($"{at}:{key}", "is no PEM text; files can be named in the configuration only");
            }
        }
    }
}
