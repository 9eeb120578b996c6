using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using RiskMonitor.UseCases.Access;

namespace RiskMonitor.WebConsole.Access;

/// <summary>Ends a session. It is a form of the page, so that no link of others can do it.</summary>
internal static class SignOut
{
    public static async Task<IResult> EndAsync(HttpContext context, [FromServices] IAntiforgery antiforgery)
    {
        if (await antiforgery.IsRequestValidAsync(context))
        {
            await context.SignOutAsync(ConsoleSession.Scheme);
        }

        return Results.Redirect(ConsoleRoute.SignInPath);
    }
}
