using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using RiskMonitor.UseCases.Access;

namespace RiskMonitor.McpFrontend.Access;

/// <summary>Lets the console ask who comes.</summary>
internal sealed class SignIn(CallerSource callers, UserDirectory users, TokenCheck tokens, IOptions<AccessOptions> options, TimeProvider time) : ISignIn
{
    public string? ProviderName => options.Value.OpenId is { IsConfigured: true } provider ? provider.Name : null;

    public async ValueTask<Caller?> FindWithoutSessionAsync(HttpContext context, CancellationToken cancellationToken) =>
        await callers.FindAsync(context, cancellationToken) is { } caller ? caller with { Address = Http.RequestRunner.AddressOf(context) } : null;

    public async ValueTask<Caller> SignInAsync(HttpContext context, string apiKey, CancellationToken cancellationToken) =>
        await callers.OfKeyAsync(context, apiKey.Trim(), cancellationToken) with { Address = Http.RequestRunner.AddressOf(context) };

    public Task ChallengeAsync(HttpContext context, string returnPath) =>
        context.ChallengeAsync(OpenIdSignIn.SchemeName, new AuthenticationProperties { RedirectUri = returnPath });

    public async ValueTask<Caller?> FindOfSessionAsync(SessionBasis basis, CancellationToken cancellationToken) =>
        basis.KeyId is { } keyId ? await users.FindByKeyIdAsync(keyId, cancellationToken)
        : basis.Claims is { } claims ? OfClaims(claims)
        : await users.IsRequiredAsync(cancellationToken) ? null : Caller.LocalAdmin;

    /// <summary>A session ends with its token, and with the provider's place in the configuration.</summary>
    private Caller? OfClaims(string claims)
    {
        try
        {
            return options.Value.OpenId.IsConfigured && tokens.CallerOfClaims(claims, options.Value.OpenId.Authority) is { } caller && time.GetUtcNow() < caller.Until ? caller : null;
        }
        catch (CredentialException)
        {
            // The claims that are asked for have changed since.
            return null;
        }
    }
}
