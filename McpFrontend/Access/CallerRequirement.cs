using Microsoft.AspNetCore.Authorization;

namespace RiskMonitor.McpFrontend.Access;

/// <summary>
/// The fallback policy: a request needs a known caller unless its route is open. What the caller may do is decided by the use case, see
/// <see cref="UseCases.Access.Right"/>.
/// </summary>
internal sealed class CallerRequirement : AuthorizationHandler<CallerRequirement>, IAuthorizationRequirement
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, CallerRequirement requirement)
    {
        if (context.User.Identity is { IsAuthenticated: true } || (context.Resource is HttpContext request && RouteAccess.IsOpen(request)))
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }
}
