using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using RiskMonitor.UseCases.Access;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.WebConsole.Access;

/// <summary>Who looks at the pages of one browser tab. It is asked before each call, so that a key that is revoked ends its open pages, too.</summary>
internal sealed class CircuitCaller(AuthenticationStateProvider authentication, ISignIn signIn, NavigationManager navigation)
{
    /// <summary>The page shows what is shown only once: when the session ends, it stays all the same, until the viewer has kept that.</summary>
    public bool StaysOnPage { get; set; }

    /// <exception cref="RequestException">The session has ended; the browser is on its way to the sign-in page.</exception>
    public async Task<Caller> DemandAsync(CancellationToken cancellationToken)
    {
        var user = (await authentication.GetAuthenticationStateAsync()).User;
        var basis = ConsoleSession.BasisOf(user);
        if (ConsoleSession.IsOne(user) && await signIn.FindOfSessionAsync(basis, cancellationToken) is { } caller)
        {
            return caller with { Address = ConsoleSession.AddressOf(user) };
        }

        if (!StaysOnPage)
        {
            var path = $"/{navigation.ToBaseRelativePath(navigation.Uri)}";
            navigation.NavigateTo(ConsoleRoute.SignInFor(path, isAtProvider: basis.Claims is not null && signIn.ProviderName is not null), forceLoad: true);
        }

        throw new RequestException(RequestError.Unauthenticated, "the session has ended; sign in again");
    }
}
