using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using RiskMonitor.UseCases.Access;

namespace RiskMonitor.McpFrontend.Access;

/// <summary>
/// Sign-in of the console at an OpenID Connect provider: authorisation code with PKCE, the code in the query, so that the browser comes back by a plain
/// navigation. The claims of the ID token make a user by the rules of bearer tokens.
/// </summary>
internal sealed partial class OpenIdSignIn(IOptions<AccessOptions> options, TokenCheck tokens, FrontendMetrics metrics, ILogger<OpenIdSignIn> logger)
    : IConfigureNamedOptions<OpenIdConnectOptions>
{
    public const string SchemeName = "OpenId";

    /// <summary>Where the provider sends browsers back to; it is registered there.</summary>
    public const string CallbackPath = "/signin/openid/callback";

    /// <summary>The sign-in page, which says why by the word in its query.</summary>
    private const string RefusedPath = "/signin?refused=";

    /// <summary>A cookie of a browser that never comes back must not stay.</summary>
    private static readonly TimeSpan s_roundTrip = TimeSpan.FromMinutes(15);

    public void Configure(OpenIdConnectOptions openId) => Configure(Options.DefaultName, openId);

    public void Configure(string? name, OpenIdConnectOptions openId)
    {
        if (name != SchemeName)
        {
            return;
        }

        var provider = options.Value.OpenId;
        openId.Authority = provider.Authority;
        openId.ClientId = provider.ClientId;
        openId.ClientSecret = provider.ClientSecret.Length > 0 ? provider.ClientSecret : null;
        openId.RequireHttpsMetadata = provider.Authority.StartsWith(Uri.UriSchemeHttps, StringComparison.OrdinalIgnoreCase);
        openId.BackchannelTimeout = provider.Timeout;
        openId.SignInScheme = ConsoleSession.Scheme;
        openId.CallbackPath = CallbackPath;
        openId.ResponseType = OpenIdConnectResponseType.Code;
        openId.ResponseMode = OpenIdConnectResponseMode.Query;
        openId.UsePkce = true;
        openId.SaveTokens = false;
        openId.MapInboundClaims = false;
        openId.DisableTelemetry = true;
        openId.RemoteAuthenticationTimeout = s_roundTrip;
        openId.Scope.Clear();
        foreach (var scope in provider.Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            openId.Scope.Add(scope);
        }

        openId.TokenValidationParameters.ClockSkew = provider.ClockSkew;
        openId.TokenValidationParameters.ValidAlgorithms = TokenCheck.Asymmetric;
        // Lax reaches the plain navigation back; secure wherever the page is.
        foreach (var cookie in new[] { openId.CorrelationCookie, openId.NonceCookie })
        {
            cookie.SameSite = SameSiteMode.Lax;
            cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        }

        openId.Events.OnRedirectToIdentityProvider = NameThisServer;
        openId.Events.OnTokenValidated = BeginSession;
        openId.Events.OnRemoteFailure = Refuse;
    }

    /// <summary>Behind a proxy this server does not know by its requests how browsers reach it.</summary>
    private Task NameThisServer(RedirectContext context)
    {
        if (options.Value.PublicUrl is { Length: > 0 } url)
        {
            context.ProtocolMessage.RedirectUri = url.TrimEnd('/') + CallbackPath;
        }

        return Task.CompletedTask;
    }

    private Task BeginSession(TokenValidatedContext context)
    {
        // As it was signed: a list of claims would have lost which of them are arrays.
        var claims = Base64UrlEncoder.Decode(new JsonWebToken(context.TokenEndpointResponse!.IdToken).EncodedPayload);
        try
        {
            var caller = tokens.CallerOfClaims(claims, options.Value.OpenId.Authority);
            context.Principal = ConsoleSession.Of(caller with { Address = Http.RequestRunner.AddressOf(context.HttpContext) }, claims);
            context.Properties!.ExpiresUtc = caller.Until;
        }
        catch (CredentialException refused)
        {
            metrics.AuthenticationFailed(refused.Reason);
            LogRefused(refused.Message);
            context.Response.Redirect(RefusedPath + "claims");
            context.HandleResponse();
        }

        return Task.CompletedTask;
    }

    /// <summary>What went wrong is for the log: it may quote what somebody put into the address.</summary>
    private Task Refuse(RemoteFailureContext context)
    {
        metrics.AuthenticationFailed("provider");
        LogFailed(context.Failure?.GetBaseException().Message ?? "no reason given");
        context.Response.Redirect(RefusedPath + "provider");
        context.HandleResponse();
        return Task.CompletedTask;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A sign-in at the identity provider was refused: {Reason}")]
    private partial void LogRefused(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A sign-in at the identity provider has failed: {Reason}")]
    private partial void LogFailed(string reason);
}
