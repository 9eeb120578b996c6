using System.Collections.Frozen;
using System.Net;
using RiskMonitor.UseCases.Access;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.McpFrontend.Access;

/// <summary>
/// Says who a request comes from. As soon as there are users or tokens, every request needs credentials, also from this machine; before that
/// only this machine is let in, as its administrator.
/// </summary>
internal sealed class CallerSource(UserDirectory users, TokenCheck tokens, FailedAttempts failures, FrontendMetrics metrics)
{
    /// <summary>Headers that proxies add. A proxy that adds none looks like a program on this machine; see <see cref="AccessOptions.RequireUsers"/>.</summary>
    private static readonly FrozenSet<string> s_addedByProxies = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Forwarded",
        "Via",
        "X-Real-IP",
        "X-Client-IP",
        "X-Cluster-Client-IP",
        "True-Client-IP",
        "CF-Connecting-IP",
        "Fastly-Client-IP",
        "X-Original-Forwarded-For",
        "X-Original-Host",
        "X-Envoy-External-Address",
        "X-ProxyUser-Ip");

    /// <exception cref="RequestException">The request may not come in.</exception>
    public async ValueTask<Caller> OfAsync(HttpContext context, CancellationToken cancellationToken)
    {
        try
        {
            // Check a credential even where none is needed: a caller who presents a wrong one must not continue as the local administrator.
            return Credential.Of(context.Request.Headers) is { } credential
                ? await KnownAsync(credential, ClientAddress.Of(context), cancellationToken)
                : await UnnamedAsync(context, cancellationToken);
        }
        catch (CredentialException refused)
        {
            throw Refused(context, refused);
        }
    }

    /// <summary>The caller whose API key came otherwise than in a header.</summary>
    /// <exception cref="RequestException">The key is not known, or too many requests that were refused came from this address.</exception>
    public async ValueTask<Caller> OfKeyAsync(HttpContext context, string apiKey, CancellationToken cancellationToken)
    {
        try
        {
            return Risk.Access.ApiKey.Parse(apiKey) is { } key
                ? await OfKeyAsync(key, ClientAddress.Of(context), cancellationToken)
                : throw new CredentialException("malformed", "this is no whole API key; copy it again as users add printed it");
        }
        catch (CredentialException refused)
        {
            throw Refused(context, refused);
        }
    }

    private RequestException Refused(HttpContext context, CredentialException refused)
    {
        failures.Count(ClientAddress.Of(context));
        metrics.AuthenticationFailed(refused.Reason);
        return new RequestException(RequestError.Unauthenticated, refused.Message);
    }

    /// <summary>The caller of a route that needs none: null for a request without valid credentials, which does not count as a failed attempt.</summary>
    public async ValueTask<Caller?> FindAsync(HttpContext context, CancellationToken cancellationToken)
    {
        try
        {
            return Credential.IsPresent(context.Request.Headers) ? await OfAsync(context, cancellationToken)
                // Look at the table, because another process may have added the first user since.
                : IsOfThisMachine(context) && !await users.IsRequiredAsync(cancellationToken) ? Caller.LocalAdmin
                : null;
        }
        catch (RequestException)
        {
            return null;
        }
    }

    private ValueTask<Caller> KnownAsync(Credential credential, IPAddress? address, CancellationToken cancellationToken) =>
        credential.Key is { } key ? new ValueTask<Caller>(OfKeyAsync(key, address, cancellationToken))
        : credential.ClaimsToBeKey ? throw new CredentialException("malformed", "the API key is not whole; copy it again as users add printed it")
        : tokens.CheckAsync(credential.Text, cancellationToken);

    private async Task<Caller> OfKeyAsync(Risk.Access.ApiKey key, IPAddress? address, CancellationToken cancellationToken)
    {
        // Delay only further guesses at this key from this address, so that an attacker cannot lock out other users.
        failures.DemandGuess(address, key.Id);
        if (await users.FindAsync(key, cancellationToken) is { } caller)
        {
            return caller;
        }

        if (users.Knows(key))
        {
            failures.CountGuess(address, key.Id);
        }

        throw new CredentialException("unknown_key", "the API key is not known, or no longer; ask an administrator for a new one");
    }

    private async Task<Caller> UnnamedAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (await users.IsRequiredAsync(cancellationToken))
        {
            throw new CredentialException("missing", $"credentials are needed; send an API key as Authorization: Bearer rmk_… (or {Credential.ApiKeyHeader}){(tokens.IsConfigured ? ", or a token of the identity provider" : "")}");
        }

        if (context.Connection.RemoteIpAddress is not { } address || !IPAddress.IsLoopback(address))
        {
            throw new CredentialException("not_local", "only programs on the same machine are let in while there are no users; connect over its loopback address, or have an administrator add a user");
        }

        // A proxy on this machine makes the whole world look local.
        return IsForwarded(context.Request.Headers)
            ? throw new CredentialException("not_local", "the request came through a proxy, and there are no users to tell who sent it; have an administrator add one")
            : Caller.LocalAdmin;
    }

    private static bool IsOfThisMachine(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address) && !IsForwarded(context.Request.Headers);

    private static bool IsForwarded(IHeaderDictionary headers)
    {
        // The server makes a list of all names for its Keys.
        foreach (var (name, _) in headers)
        {
            if (name.StartsWith("X-Forwarded", StringComparison.OrdinalIgnoreCase) || s_addedByProxies.Contains(name))
            {
                return true;
            }
        }

        return false;
    }
}
