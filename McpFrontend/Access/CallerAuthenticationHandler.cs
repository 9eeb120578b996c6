using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using RiskMonitor.McpFrontend.Http;
using RiskMonitor.UseCases.Access;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.McpFrontend.Access;

/// <summary>
/// The only authentication scheme: an API key, a token of the identity provider, or a program on this machine while there are no users. It sets the
/// <see cref="Caller"/> feature of the request, and answers a request without valid credentials with a problem and an audit entry.
/// </summary>
internal sealed class CallerAuthenticationHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder, CallerSource callers, RefusedRequest refusal, IHostApplicationLifetime lifetime)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    public const string SchemeName = "Bearer";

    private RequestException? _refused;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (RouteAccess.IsOpen(Context))
        {
            // Do not read credentials on open routes: wrong ones would count as failed attempts of their address.
            return AuthenticateResult.NoResult();
        }

        try
        {
            if (lifetime.ApplicationStopping.IsCancellationRequested)
            {
                throw new RequestException(RequestError.Unavailable, "the server is stopping; ask again when it is back, or another one");
            }

            var caller = await callers.OfAsync(Context, Context.RequestAborted);
            Context.Features.Set(caller with { Address = RequestRunner.AddressOf(Context) });
            return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity(SchemeName)), SchemeName));
        }
        catch (RequestException refused)
        {
            _refused = refused;
            return AuthenticateResult.Fail(refused);
        }
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) =>
        refusal.AnswerAsync(Context, _refused ?? new RequestException(RequestError.Unauthenticated, "credentials are needed; send an API key or a token"));

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        refusal.AnswerAsync(Context, new RequestException(RequestError.Forbidden, "the route is allowed to nobody: no policy lets its callers in, which is a defect of this program"));
}
