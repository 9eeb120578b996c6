using System.Net.Http.Headers;
using System.Text;

namespace RiskMonitor.Alerting.Webhooks;

/// <summary>
/// The risk manager's endpoint. A user name and password in its address are sent as Basic credentials (RFC 7617) and are shown nowhere: not in
/// logs, errors or histories.
/// </summary>
public sealed class WebhookEndpoint
{
    /// <summary>Stands where a secret stood.</summary>
    public const string Hidden = "***";

    /// <summary>A shorter secret is not looked for in other texts: it would be found in words that are none.</summary>
    private const int LeastRedactedChars = 4;

    private readonly string[] _secrets;

    private WebhookEndpoint(Uri address, AuthenticationHeaderValue? credentials, string[] secrets)
    {
        Address = address;
        Credentials = credentials;
        _secrets = secrets;
    }

    /// <summary>Where to post to, without credentials.</summary>
    public Uri Address { get; }

    /// <summary>Null where the address has none.</summary>
    public AuthenticationHeaderValue? Credentials { get; }

    /// <summary>The address for people: without credentials and without the query, in which others keep theirs.</summary>
    public string Name => Masked(Address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped));

    /// <param name="problem">What to change, without repeating a secret; null when there is nothing to change.</param>
    public static WebhookEndpoint? Read(string url, out string? problem)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp) || uri.Host.Length == 0)
        {
            problem = $"is '{Masked(url)}'; set an absolute http or https address, such as https://risk.example.com/alerts, or leave it out";
            return null;
        }

        if (uri.UserInfo.Length == 0)
        {
            problem = null;
            return new WebhookEndpoint(uri, null, []);
        }

        var parts = uri.UserInfo.Split(':', 2);
        var (user, password) = (Uri.UnescapeDataString(parts[0]), parts.Length == 1 ? "" : Uri.UnescapeDataString(parts[1]));
        if (user.Contains(':', StringComparison.Ordinal) || $"{user}{password}".Any(char.IsControl))
        {
            problem = $"is '{Masked(url)}', with a user name or password that Basic authentication cannot carry: no colon in the name, no control characters";
            return null;
        }

        problem = null;
        return new WebhookEndpoint(new UriBuilder(uri) { UserName = "", Password = "" }.Uri, null, [uri.UserInfo, parts[^1]]).With(user, password);
    }

    /// <summary>The same address with these credentials instead of its own.</summary>
    public WebhookEndpoint With(string user, string? password)
    {
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));
        return new WebhookEndpoint(Address, new AuthenticationHeaderValue("Basic", basic), [.. _secrets, basic, password ?? ""]);
    }

    /// <summary>An address that cannot be used, or that somebody else wrote, without what may be secret in it: credentials and the query.</summary>
    public static string Masked(string url)
    {
        var query = url.IndexOfAny(['?', '#']);
        var at = url.LastIndexOf('@');
        if (at > query && query >= 0)
        {
            // A password may hold a question mark that is not escaped.
            query = url.IndexOfAny(['?', '#'], at);
        }

        var shown = query < 0 ? url : $"{url[..query]}{url[query]}{Hidden}";
        if (at < 0)
        {
            return shown;
        }

        var scheme = url.IndexOf("//", StringComparison.Ordinal);
        var from = scheme >= 0 && scheme < at ? scheme + 2 : 0;
        return $"{shown[..from]}{Hidden}{shown[at..]}";
    }

    /// <summary>Somebody else's text, in which the credentials may be repeated, without them.</summary>
    /// <param name="more">What else is secret. Of short ones nothing is looked for, because they would be found in ordinary words.</param>
    public string Redact(string text, params IEnumerable<string?> more) => _secrets
        .Concat(more)
        .OfType<string>()
        .Where(secret => secret.Length >= LeastRedactedChars)
        // A secret that is a part of another one must not hide the beginning of it.
        .OrderByDescending(secret => secret.Length)
        .Aggregate(text, (redacted, secret) => redacted.Replace(secret, Hidden, StringComparison.Ordinal));
}
