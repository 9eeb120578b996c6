using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using RiskMonitor.UseCases.Access;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.WebConsole.Access;

/// <summary>
/// Runs before the routes of the console: says what their pages may load, and who asks. A request without a session is sent to the sign-in page.
/// </summary>
internal sealed class ConsoleAccessMiddleware(RequestDelegate next, ISignIn signIn)
{
    /// <summary>Nothing but this server's own files, no inline scripts and no inline styles; no page of others may frame it.</summary>
    public const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
        + "form-action 'self'; base-uri 'self'; frame-ancestors 'none'";

    public Task InvokeAsync(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<ConsoleRoute>() is null ? next(context) : AnswerAsync(context);

    private async Task AnswerAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        if (!IsOfOwnPage(context.Request))
        {
            throw new RequestException(RequestError.Forbidden, $"pages of '{context.Request.Headers.Origin}' may not use the console; open it by its own address");
        }

        var session = await context.AuthenticateAsync(ConsoleSession.Scheme);
        var basis = session is { Succeeded: true, Principal: { } user } ? ConsoleSession.BasisOf(user) : null;
        if (await FindAsync(context, basis, session.Principal) is { } caller)
        {
            context.Features.Set(caller);
            context.User = ConsoleSession.Of(caller, basis?.Claims);
        }
        else if (!context.Request.Path.StartsWithSegments(ConsoleRoute.SignInPath))
        {
            Refuse(context, isAtProvider: basis?.Claims is not null && signIn.ProviderName is not null);
            return;
        }

        await next(context);
    }

    /// <summary>
    /// The cookie comes with the requests of every page of the same site, and all ports of localhost are one site: a page of another program on this machine
    /// must not open the console's connection, although it may ask the API, which takes no cookie.
    /// </summary>
    private static bool IsOfOwnPage(HttpRequest request) =>
        request.Headers.Origin.ToString() is not { Length: > 0 } origin
        || (Uri.TryCreate(origin, UriKind.Absolute, out var page)
            && Uri.TryCreate($"{page.Scheme}://{request.Host.Value}", UriKind.Absolute, out var own)
            && string.Equals(page.Authority, own.Authority, StringComparison.OrdinalIgnoreCase)
            // A proxy that ends TLS and is not named by Access:PublicUrl hides that the page came by https.
            && (page.Scheme == Uri.UriSchemeHttps || !request.IsHttps));

    private async Task<Caller?> FindAsync(HttpContext context, SessionBasis? basis, ClaimsPrincipal? user) => basis is { KeyId: null, Claims: null } or null
        ? await signIn.FindWithoutSessionAsync(context, context.RequestAborted)
        // A key that was revoked since, or a token that has ended, ends the session.
        : await signIn.FindOfSessionAsync(basis, context.RequestAborted) is { } caller ? caller with { Address = ConsoleSession.AddressOf(user!) } : null;

    private static void Refuse(HttpContext context, bool isAtProvider)
    {
        var request = context.Request;
        if (request.Path.StartsWithSegments(ConsoleRoute.ConnectionPath))
        {
            throw new RequestException(RequestError.Unauthenticated, "the session has ended; sign in again");
        }

        var path = $"{request.Path}{request.QueryString}";
        context.Response.Redirect(ConsoleRoute.SignInFor(path, isAtProvider));
    }
}
