using Microsoft.AspNetCore.Mvc;
using RiskMonitor.UseCases.Access;

namespace RiskMonitor.WebConsole.Access;

/// <summary>Sends a browser to the identity provider. The way back is the provider's scheme's own.</summary>
internal static class SignInAtProvider
{
    public static async Task BeginAsync(HttpContext context, [FromServices] ISignIn signIn, string? to)
    {
        if (signIn.ProviderName is null)
        {
            context.Response.Redirect(ConsoleRoute.SignInFor(ConsoleRoute.LocalPath(to), isAtProvider: false));
            return;
        }

        await signIn.ChallengeAsync(context, ConsoleRoute.LocalPath(to));
    }
}
